//! What Ajustes and the faults of its forms say.

chapter! {
    /// Names a phrase of this chapter.
    Settings {
        Title: "Ajustes", "Settings";

        // O e-mail do convite.
        EmailInviteSubject: "Seu acesso à Ciranda de {0}", "Your access to Ciranda at {0}";
        EmailInviteBody: "Olá!\n\nVocê foi convidado para atender na Ciranda de {0}. Abra este link para entrar pela primeira vez:\n\n{1}\n\nEle vale por três dias e só pode ser usado uma vez.\n", "Hello!\n\nYou were invited to Ciranda at {0}. Open this link to sign in for the first time:\n\n{1}\n\nIt is valid for three days and works once.\n";

        // O que há de errado em um formulário, e o que fazer.
        FaultEmpty: "Preencha este campo.", "Fill in this field.";
        FaultTooShort: "Use ao menos {0} caracteres.", "Use at least {0} characters.";
        FaultTooLong: "Tem {0} caracteres e cabem {1}: encurte o texto.", "It has {0} characters and {1} fit: shorten the text.";
        FaultNameTaken: "Já existe a equipe {0}. Escolha outro nome.", "The team {0} is there already. Choose another name.";
        FaultOutOfRange: "Use um número de {0} a {1}.", "Use a number from {0} to {1}.";
        FaultMinutesOutOfRange: "Use de {0} a {1} minutos.", "Use {0} to {1} minutes.";
        FaultTooManyExceptions: "Cabem {0} datas especiais: apague as que já passaram.", "There is room for {0} special dates: remove those that have passed.";
        FaultBelowLimit: "O tempo máximo não pode ser menor que o limite por atendente, {0} min. Aumente o máximo ou diminua o limite.", "The maximum cannot be shorter than the limit of each attendant, {0} min. Raise the maximum or lower the limit.";
        FaultSecondDefault: "A equipe padrão é {0}, e só pode haver uma. Confirme que esta fica no lugar dela.", "The default team is {0}, and there can be only one. Confirm that this one takes its place.";
        FaultNoDefault: "Esta é a equipe padrão, e a conta precisa de uma. Torne outra equipe a padrão primeiro.", "This is the default team, and the account needs one. Make another team the default first.";
        FaultLastAttending: "Ninguém mais atenderia esta equipe, e há conversas esperando: {0}. Inclua outra pessoa, ou conclua ou transfira as conversas.", "Nobody would attend this team any more, and conversations wait: {0}. Add somebody else, or conclude or transfer the conversations.";
        FaultRestrictedSupervises: "O perfil Atendente restrito não vê conversas de outras pessoas, e por isso não supervisiona. Mude o perfil ou desmarque Supervisor.", "The profile Restricted attendant does not see conversations of others, and so does not supervise. Change the profile or clear Supervisor.";
        FaultNeedsFate: "Há conversas em aberto: {0}. Escolha o que acontece com elas.", "There are open conversations: {0}. Choose what becomes of them.";
        FaultCannotReceive: "Quem você escolheu não pode receber estas conversas. Escolha alguém ativo que participe de uma equipe, ou outra equipe.", "Whom you chose cannot receive these conversations. Choose somebody active who belongs to a team, or another team.";
        FaultLastAdministrator: "É a única pessoa que administra a conta. Torne outra administradora primeiro.", "They are the only administrator of the account. Make somebody else one first.";
        FaultOneself: "Ninguém tira o próprio acesso. Peça a outra pessoa que administre a conta.", "Nobody takes their own access away. Ask another administrator.";
        FaultNotAnEmail: "Confira o e-mail: deve ser como nome@empresa.com.br.", "Check the e-mail: it should be like name@company.com.";
        FaultNotAPhone: "Confira o telefone: DDD e número, ou + e o código do país.", "Check the phone: area code and number, or + and the country code.";
        FaultLoginTaken: "{0} já entra com este dado. Use outro.", "{0} signs in with this already. Use another.";
        FaultOpens: "Escreva a hora de abrir como 08:00.", "Write the opening time like 08:00.";
        FaultLunchBegins: "Escreva o início do almoço como 12:00.", "Write the beginning of lunch like 12:00.";
        FaultLunchEnds: "Escreva o fim do almoço como 13:00.", "Write the end of lunch like 13:00.";
        FaultCloses: "Escreva a hora de fechar como 18:00.", "Write the closing time like 18:00.";
        FaultLunchBeforeOpening: "O almoço deve começar depois de abrir.", "Lunch must begin after opening.";
        FaultLunchEndsBefore: "O almoço deve terminar depois de começar.", "Lunch must end after it begins.";
        FaultClosesBefore: "A hora de fechar deve ser a última do dia. O que passa da meia-noite vai no dia seguinte.", "Closing time must be the last of the day. What goes beyond midnight belongs to the next day.";
        FaultNeverOpens: "Nenhum dia está aberto. Abra ao menos um, ou desligue o horário de atendimento.", "No day is open. Open at least one, or switch business hours off.";
        FaultNotADate: "Escreva a data como 2026-12-25.", "Write the date like 2026-12-25.";
        FaultDateTwice: "A data {0} já está na lista. Fique com uma das duas.", "The date {0} is in the list already. Keep one of the two.";
        FaultUnknownZone: "Este fuso horário não existe. Escolha um da lista.", "This time zone does not exist. Choose one of the list.";
        FaultChangedMeanwhile: "{0} salvou mudanças aqui depois que você abriu. Abra de novo para ver o que mudou e repita a sua.", "{0} saved changes here after you opened it. Open it again to see what changed, and repeat yours.";
        FaultGone: "Não existe mais. Feche e abra de novo.", "It is not there any more. Close this and open it again.";
    }
}
