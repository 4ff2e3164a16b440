//! What reports and their definitions say.

chapter! {
    /// Names a phrase of this chapter.
    Reports, after crate::catalogue::explained::Explained::END; {
        Title: "Relatórios", "Reports";

        Period: "Período", "Period";
        Today: "Hoje", "Today";
        Week: "7 dias", "7 days";
        Month: "30 dias", "30 days";
        Custom: "Escolher", "Custom";
        From: "De", "From";
        To: "Até", "To";
        Team: "Equipe", "Team";
        Person: "Pessoa", "Person";
        Channel: "Canal", "Channel";
        Day: "Dia", "Day";
        All: "Todas", "All";
        AllPeople: "Todas as pessoas", "Everybody";
        AllChannels: "Todos os canais", "All channels";
        AllTeams: "Todas as equipes", "All teams";
        Nobody: "Ninguém", "Nobody";
        Hours: "Horas", "Hours";
        CalendarHours: "Corridas", "Calendar";
        BusinessHours: "De atendimento", "Business";
        By: "Por", "By";
        Export: "Baixar CSV", "Download CSV";
        Numbers: "Números do período", "Figures for the period";
        Compare: "Comparar", "Compare";
        CompareThis: "{0}: ver no gráfico", "{0}: show in the chart";
        MetricShown: "Métrica", "Metric";
        AsTable: "Ver como tabela", "Show as table";
        AsChart: "Ver como gráfico", "Show as chart";
        ChartOf: "{0} por {1}", "{0} by {1}";
        Loading: "Calculando…", "Calculating…";
        Empty: "Nada aconteceu neste período.", "Nothing happened in this period.";
        OwnOnly: "São os seus números, das conversas que você vê.", "These are your own numbers, of the conversations that you see.";
        SeenOnly: "Contam só as conversas que você pode abrir agora: a que sai da sua vista, como ao passar para outra equipe, deixa de contar aqui, também nos dias passados.", "Only conversations that you can open now are counted. One that leaves your view, for example by moving to another team, is no longer counted here, not even for past days.";
        Restricted: "Seu perfil não tem relatórios. Peça a quem administra.", "Your profile has no reports. Ask an administrator.";
        Failed: "Não foi possível calcular agora.", "It could not be calculated right now.";
        OfflineNumbers: "Sem conexão: estes números são de antes e podem ter mudado.", "Offline: these numbers are from before and may have changed.";
        Offline: "Sem conexão: o relatório precisa do servidor.", "Offline: reports need the server.";
        Backwards: "O último dia vem antes do primeiro. Corrija o período.", "The last day comes before the first. Correct the period.";
        DayMissing: "Falta este dia.", "This day is missing.";
        DaysMissing: "O período precisa dos dois dias. Preencha De e Até.", "The period needs both days. Fill in From and To.";
        TooLong: "Um relatório vai até dois anos. Escolha um período menor.", "A report spans two years at most. Choose a shorter period.";
        NotThere: "Um dos filtros não existe mais para você. Escolha de novo.", "One of the filters is no longer available to you. Choose again.";
        Again: "Tentar de novo", "Try again";

        Arrivals: "Chegadas", "Arrivals";
        FirstResponse: "Primeira resposta", "First response";
        NextResponse: "Resposta seguinte", "Next response";
        Wait: "Espera na fila", "Wait in queue";
        Handle: "Tempo com a pessoa", "Handle time";
        Resolution: "Resolução", "Resolution";
        Conclusions: "Conclusões", "Conclusions";
        Reopenings: "Reaberturas", "Reopenings";
        Transfers: "Transferências", "Transfers";
        Overflow: "Transbordos", "Overflow";
        WindowsLost: "Janelas perdidas", "Windows lost";
        Backlog: "Em aberto agora", "Open now";
        Occupancy: "Ocupação", "Occupancy";

        DefineLength: "Conta de: {0}; até: {1}.", "From: {0}; to: {1}.";
        DefineRank: "Mediana e p90 são valores medidos (posto mais próximo).", "Median and p90 are measured values (nearest rank).";
        DefineCount: "Conta {0}.", "Counts {0}.";
        DefineShare: "Conta {0}; a parte é sobre {1}.", "Counts {0}; the share is of {1}.";
        DayBegan: "Pertence ao dia em que começou.", "Belongs to the day on which it began.";
        DayHappened: "Pertence ao dia em que aconteceu.", "Belongs to the day on which it happened.";
        DayConcluded: "Pertence ao dia da conclusão.", "Belongs to the day of the conclusion.";
        DayOffered: "Pertence ao dia da oferta.", "Belongs to the day of the offer.";
        DayWindow: "Pertence ao dia em que a janela terminou.", "Belongs to the day on which the window ended.";
        DefineAllDays: "O que não diz seu dia pertence ao dia em que começou ou aconteceu; o que ainda corre é contado à parte, nunca descartado.", "Where no day is named, a case belongs to the day on which it began or happened; what still runs is counted apart, never dropped.";
        CutUnanswered: "Sem fim: concluída sem resposta, sem que o cliente voltasse em 12 horas.", "Cut short: concluded without a response, and the customer did not come back within 12 hours.";
        CutUntaken: "Sem fim: concluída ou passada a uma equipe sem que alguém ficasse responsável.", "Cut short: concluded, or passed to a team, without anybody taking it on.";
        DefineLeaves: "Fora: {0}.", "Left out: {0}.";
        DefineBacklog: "Conversas em aberto neste instante, pela idade desde que começaram.", "Conversations open at this instant, by age since they began.";
        DefineOccupancy: "Tempo com ao menos uma conversa em andamento, dividido pelo tempo disponível. Em horas úteis vale o horário de atendimento de cada dia. O n conta trechos de atendimento: cada vez que uma pessoa esteve responsável por uma conversa.", "Time with at least one conversation in progress, divided by available time. In business hours, those of each day count. n counts the times that a person was responsible for a conversation.";

        FromArrival: "a mensagem com que o cliente começou a conversa", "the message with which the customer began the conversation";
        FromBurst: "a primeira mensagem do cliente ainda sem resposta", "the customer's first message not answered yet";
        FromTeam: "a conversa chegar à equipe", "the conversation reaching the team";
        FromCharge: "a pessoa ficar responsável", "the person taking it on";
        FromConcluded: "cada conclusão", "each conclusion";
        FromReturned: "cada mensagem que reabriu a conversa em até 12 horas da conclusão", "each message that reopened the conversation within 12 hours of the conclusion";
        FromPassedOn: "cada transferência a uma equipe ou pessoa", "each transfer to a team or a person";
        FromExpired: "cada oferta que a pessoa não iniciou no prazo", "each offer that the person did not start in time";
        FromWindow: "cada janela de 24 horas que terminou com o cliente sem resposta", "each 24-hour window that ended with the customer unanswered";
        FromOpen: "conversas em aberto", "open conversations";
        FromAvailable: "tempo disponível", "available time";
        ToText: "o texto seguinte de uma pessoa, mesmo que espere ou falhe", "a person's next text, even one that waits or fails";
        ToCharge: "alguém ficar responsável", "somebody taking it on";
        ToLetGo: "a pessoa concluir ou passar adiante", "the person concluding it or passing it on";
        ToConclusion: "a última conclusão", "the last conclusion";
        ToNow: "agora", "now";
        OfConclusions: "as conclusões do período", "the conclusions of the period";
        OfOffers: "as ofertas do período", "the offers of the period";
        WithoutReplies: "respostas automáticas", "automatic replies";
        WithoutBursts: "mensagens concluídas sem resposta depois da primeira", "messages after the first response that were concluded without one";
        WithoutRestarts: "conversas reiniciadas por uma pessoa", "conversations restarted by a person";
        WithoutOutage: "passagens durante uma queda do serviço", "hops during an outage of the service";
        WithoutTakeOvers: "quem assume a conversa de outra pessoa", "taking over somebody else's conversation";
        WithoutReactions: "reações e edições", "reactions and edits";
        WithoutConcluded: "janelas que terminam com a conversa concluída", "windows that end while the conversation is concluded";

        // De que equipe é o que se conta, e de quem.
        OfTeamArrived: "Conta na equipe a que chegou.", "Counts for the team at which it arrived.";
        OfTeamEnded: "Conta na equipe em que terminou; o que ainda corre, na equipe de agora.", "Counts for the team in which it ended; what still runs, for its current team.";
        OfTeamConcluded: "Conta na equipe em que foi concluída.", "Counts for the team in which it was concluded.";
        OfTeamLeft: "Conta na equipe de que a conversa saiu.", "Counts for the team that the conversation left.";
        OfTeamOffered: "Conta na equipe em que foi oferecida.", "Counts for the team in which it was offered.";
        OfTeamThen: "Conta na equipe em que estava quando a janela terminou.", "Counts for the team in which it was when the window ended.";
        OfTeamNow: "Conta na equipe de agora.", "Counts for its current team.";
        OfWhoStarted: "Conta para quem primeiro ficou responsável.", "Counts for whoever became responsible first.";
        OfWhoAnsweredFirst: "Conta para quem respondeu; sem fim, para quem era responsável ou concluiu; em curso, para quem é responsável agora.", "Counts for whoever answered; cut short, for whoever was responsible or concluded; running, for whoever is responsible now.";
        OfWhoAnswered: "Conta para quem respondeu; em curso, para quem é responsável agora.", "Counts for whoever answered; running, for whoever is responsible now.";
        OfWhoTook: "Conta para quem ficou responsável.", "Counts for whoever became responsible.";
        OfWhoConcluded: "Conta para quem era responsável na conclusão; sem ninguém responsável, para quem concluiu.", "Counts for whoever was responsible at the conclusion; with nobody responsible, for whoever concluded.";
        OfWhoLetReturn: "Conta para quem era responsável na conclusão; sem ninguém responsável, para quem concluiu; depois de reiniciada por uma pessoa, para ninguém.", "Counts for whoever was responsible at the conclusion; with nobody responsible, for whoever concluded; after a person restarted it, for nobody.";
        OfWhoResolved: "Conta para quem era responsável na conclusão; sem ninguém responsável, para quem concluiu. Em curso, para quem é responsável agora.", "Counts for whoever was responsible at the conclusion; with nobody responsible, for whoever concluded. Running, for whoever is responsible now.";
        OfWhoPassedOn: "Conta para quem passou adiante.", "Counts for whoever passed it on.";
        OfWhoLetPass: "Conta para quem não iniciou a tempo.", "Counts for whoever did not start in time.";
        OfWhoHeldThen: "Conta para quem era responsável quando a janela terminou.", "Counts for whoever was responsible when the window ended.";
        OfWhoHolds: "Conta para quem é responsável agora.", "Counts for whoever is responsible now.";

        Median: "mediana", "median";
        Ninetieth: "p90", "p90";
        Measured: "n", "n";
        Running: "em curso", "running";
        Without: "sem fim", "cut short";
        Share: "parte", "share";
        Whole: "de", "of";
        Definition: "Definição", "Definition";
        MedianSeconds: "mediana (s)", "median (s)";
        NinetiethSeconds: "p90 (s)", "p90 (s)";
        Metric: "métrica", "metric";
        RowsTitle: "{0} · {1}", "{0} · {1}";
        RowsOpen: "Abrir a conversa com {0}", "Open the conversation with {0}";
        RowsMore: "Mostrar mais", "Show more";
        RowsLeft: "Já não está aqui.", "It is not here any more.";
        Spoken: "{0}: {1}. Abrir as linhas.", "{0}: {1}. Open its rows.";

        UnderAnHour: "menos de 1 h", "under 1 h";
        UnderFourHours: "1 a 4 h", "1 to 4 h";
        UnderEightHours: "4 a 8 h", "4 to 8 h";
        UnderADay: "8 a 24 h", "8 to 24 h";
        UnderThreeDays: "1 a 3 dias", "1 to 3 days";
        Older: "mais de 3 dias", "over 3 days";
    }
}
