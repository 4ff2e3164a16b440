//! Why a conversation went to somebody, and why not to the others.

chapter! {
    /// Names a phrase of this chapter.
    Explained, after crate::catalogue::circle::Circle::END; {
        Considered: "Quem foi considerado", "Who was considered";
        NobodyConsidered: "Ninguém precisou ser considerado", "Nobody had to be considered";
        Chosen: "{0}: recebeu", "{0}: was offered it";
        NotTheirTurn: "{0}: podia receber, mas não era a vez", "{0}: available, but it was not their turn";
        Unavailable: "{0}: indisponível", "{0}: unavailable";
        Full: "{0}: cheio ({1} de {2})", "{0}: full ({1} of {2})";
        NoRoom: "{0}: sem espaço ({1} de {2}) para uma conversa deste peso", "{0}: no room ({1} of {2}) for a conversation of this weight";
        AlreadyTried: "{0}: já teve a vez nesta rodada", "{0}: already had a turn in this round";
        LeftTheTeam: "{0}: saiu da equipe", "{0}: left the team";
        OlderWaits: "{0}: tinha espaço, mas há conversa mais antiga na fila", "{0}: had room, but an older conversation was waiting";
    }
}
