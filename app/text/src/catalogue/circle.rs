//! What the circle's simulator says.

chapter! {
    /// Names a phrase of this chapter.
    Circle, after crate::catalogue::board::Board::END; {
        Title: "A ciranda desta equipe", "This team's circle";
        Lead: "É a mesma regra que distribui de verdade, com as pessoas e os tempos escolhidos acima. Arraste o relógio para ver o que acontece com as próximas dez conversas.", "It is the same rule that distributes real conversations, with the people and times chosen above. Drag the clock to see what happens to the next ten.";
        Empty: "Ninguém no círculo: não há a quem oferecer.", "Nobody is in the circle: there is nobody to offer to.";
        Off: "Com a distribuição desligada, todos da equipe veem e ouvem cada conversa nova até alguém iniciar.", "With distribution off everybody in the team sees and hears each new conversation until somebody starts it.";
        Clock: "Relógio", "Clock";
        ClockAt: "{0} depois da primeira", "{0} after the first";
        Spacing: "Chega uma conversa a cada", "A conversation arrives every";
        Starting: "Quem recebe inicia depois de", "Whoever is offered one starts it after";
        Never: "ninguém inicia", "nobody starts";
        Minutes: "{0} min", "{0} min";
        Picture: "Círculo com {0} pessoas; a próxima conversa vai para {1}.", "Circle of {0} people; the next conversation goes to {1}.";
        NextIs: "A próxima conversa nova vai para {0}.", "The next new conversation goes to {0}.";
        NextNobody: "Ninguém pode receber a próxima: ela fica aberta à equipe.", "Nobody can take the next one: it stays open to the team.";
        Away: "indisponível", "unavailable";
        Conversation: "Conversa {0}", "Conversation {0}";
        Coming: "chega em {0}", "arrives in {0}";
        With: "oferecida a {0}", "offered to {0}";
        WithUntil: "oferecida a {0}, passa adiante em {1}", "offered to {0}, goes to the next in {1}";
        Started: "iniciada por {0}", "started by {0}";
        OpenToTeam: "aberta à equipe", "open to the team";
        InQueue: "na fila: todos cheios", "in queue: everybody is full";
        History: "O caminho de cada uma", "Path of each conversation";
        Arrives: "Chega", "Arrives";
        Way: "Passa por", "Goes through";
        Person: "{0} ({1})", "{0} ({1})";
    }
}
