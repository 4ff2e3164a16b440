//! What the supervisors' live board says.

chapter! {
    /// Names a phrase of this chapter.
    Board, after crate::Key::END; {
        AllTeams: "Todas as equipes", "All teams";
        TeamFilter: "Equipe", "Team";
        LiveNow: "ao vivo", "live";
        LiveTitle: "Cada mudança aparece aqui no instante em que é gravada.", "Each change shows here the instant it is recorded.";
        CatchingUp: "recuperando a conexão; os números podem estar atrasados", "catching up; numbers may be behind";

        Waiting: "Na fila", "In queue";
        OldestFor: "mais antiga há {0}", "oldest: {0}";
        NobodyWaits: "ninguém esperando", "nobody waiting";
        Closing: "Janelas fechando", "Windows closing";
        ClosingHint: "sem resposta, em menos de {0}", "unanswered, under {0} left";
        InProgress: "Em andamento", "In progress";
        PerAttendant: "{0} por atendente disponível", "{0} per available attendant";
        FirstAnswer: "Primeira resposta", "First response";
        MedianAndTail: "mediana · p90 {0} · n {1}", "median · p90 {0} · n {1}";
        NoAnswerYet: "sem primeira resposta medida nas de hoje", "no first response measured among today's";
        Overflow: "Transbordos", "Overflow";
        OverflowHint: "{0} de {1} ofertas hoje", "{0} of {1} offers today";
        Arrivals: "Chegaram hoje", "Arrived today";
        ArrivalsHint: "{0} esperando a primeira resposta", "{0} waiting for a first response";
        WindowsLost: "Janelas perdidas", "Windows lost";
        WindowsLostHint: "fecharam hoje sem resposta", "closed unanswered today";
        MoreRows: "Mostrar mais", "Show more";
        RowsFailed: "Não foi possível ler a lista.", "The list could not be read.";
        TodayEmpty: "Nada hoje.", "Nothing today.";
        Loading: "carregando…", "loading…";
        NumbersFailed: "Não foi possível ler os números de hoje. Tentando de novo…", "Today's numbers could not be read. Trying again…";

        Queue: "Fila", "Queue";
        QueueDrag: "arraste para uma pessoa ou equipe", "drag to a person or team";
        QueueHint: "arraste para uma pessoa ou equipe, ou tecle m", "drag to a person or team, or press m";
        Queued: "Esperando vaga", "Waiting for a slot";
        Offered: "Oferecidas", "Offered";
        OpenToTeam: "Abertas à equipe", "Open to the team";
        LaneEmpty: "Nada aqui.", "Nothing here.";
        More: "mais {0}", "{0} more";
        ForPerson: "para {0} · {1}ª oferta", "to {0} · offer {1}";
        QueuedFor: "há {0} · todos cheios", "{0} waiting · everybody is full";
        OpenFor: "há {0} · aberta à equipe", "{0} waiting · open to the team";
        UnansweredBy: "sem resposta há {1} · {0}", "unanswered {1} · {0}";
        NobodyYet: "ninguém", "nobody";
        HeldFor: "{0} · há {1}", "{0} · for {1}";
        Moving: "movendo…", "moving…";

        People: "Pessoas", "People";
        PeopleHintOne: "1 de {1} disponível", "1 of {1} available";
        PeopleHint: "{0} de {1} disponíveis", "{0} of {1} available";
        Attendant: "Atendente", "Attendant";
        Load: "Carga", "Load";
        LoadSpoken: "{0} em andamento, {1} oferecidas", "{0} in progress, {1} offered";
        LoadPartial: "Conta só as equipes que você supervisiona.", "Counts only the teams that you supervise.";
        Online: "na tela", "on screen";
        Away: "indisponível", "unavailable";
        Offline: "fora", "off screen";
        NobodyAttends: "Nenhuma pessoa atende nestas equipes. Inclua alguém em Ajustes.", "Nobody takes conversations in these teams. Add somebody in Settings.";

        Teams: "Equipes", "Teams";
        Team: "Equipe", "Team";
        Oldest: "Mais antiga", "Oldest";

        Alerts: "Alertas", "Alerts";
        AlertQueue: "{0}: {1} esperando (limite {2})", "{0}: {1} waiting (limit {2})";
        AlertOldest: "{0}: a mais antiga espera há {1} (limite {2})", "{0}: the oldest has waited {1} (limit {2})";
        AlertPassed: "{0}: passaram adiante mais de {2}×: {1}", "{0}: passed on more than {2}×: {1}";
        AlertClosing: "{0}: janelas que fecham em menos de {2} sem resposta: {1}", "{0}: windows that close within {2} unanswered: {1}";
        AlertNobody: "{0}: ninguém disponível e {1} esperando", "{0}: nobody available and {1} waiting";

        RowsOf: "{0} · {1}", "{0} · {1}";
        RowsEmpty: "Nenhuma conversa agora.", "No conversation right now.";
        MoveTo: "Mover {0}", "Move {0}";
        MoveTitle: "Mover a conversa com {0}", "Move the conversation with {0}";
        MoveToPerson: "Para uma pessoa", "To a person";
        MoveToTeam: "Para uma equipe", "To a team";
        MoveFilter: "Filtrar por nome", "Filter by name";
        MoveAsk: "Em qual equipe {0} continua a conversa?", "In which team does {0} go on with it?";
        MoveNobody: "Ninguém com esse nome pode receber a conversa.", "Nobody by that name can take the conversation.";
        ChangedWith: "A conversa com {0} mudou enquanto isso: agora está com {1}.", "The conversation with {0} changed meanwhile: it is with {1} now.";
        ChangedMeanwhile: "A conversa com {0} mudou enquanto isso.", "The conversation with {0} changed meanwhile.";
        TakeOverTitle: "Assumir a conversa de {0}?", "Take over {0}'s conversation?";
        TakeOverAsk: "{0} está atendendo agora e recebe o aviso de que passou para você.", "{0} is handling it now, and will be told that you took over.";
        TakeOffered: "Ela está oferecida a {0} neste momento, e deixa de estar.", "It is being offered to {0} right now. That offer will end.";
        TakeOver: "Assumir", "Take over";
        WhyWith: "Por que está com {0}?", "Why is it with {0}?";
        WhyWaits: "Por que espera?", "Why does it wait?";
        WhyTitle: "Como a conversa com {0} chegou aqui", "How the conversation with {0} got here";
        WhyFailed: "Não foi possível buscar a explicação. Tente de novo.", "The explanation could not be fetched. Try again.";
        WhyNothing: "Ainda não houve distribuição nesta conversa.", "Nothing was distributed in this conversation yet.";
        SightChanged: "O que você pode ver mudou, e o que estava aberto foi fechado.", "What you may see has changed, and what was open has been closed.";
        Refused: "Só supervisores e administradores têm um painel. Peça a quem administra.", "Only supervisors and administrators have a board. Ask an administrator.";
        Keys: "Setas andam pelas linhas e entre as faixas, Enter abre, m move, a assume, p explica.", "Arrows go through rows and lanes, Enter opens, m moves, a takes over, p explains.";
        KeysOff: "Setas andam pelas linhas e entre as faixas, Enter abre.", "Arrows go through rows and lanes, Enter opens.";
    }
}
