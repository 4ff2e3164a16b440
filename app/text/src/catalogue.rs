//! The keys and their phrases, Portuguese first, English second; one line a key, one chapter for each part of the page.
//!
//! *Invariant:* the order of keys is the order of both tables, and of the lines of a table loaded while running. A part
//! of the page carries the chapters that it names, and no other: what only managers read stays out of the desk's module.

macro_rules! chapter {
    ($(#[$about:meta])* $name:ident, after $before:expr; {
        $($(#[$doc:meta])* $key:ident: $portuguese:literal, $english:literal;)*
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        #[repr(u16)]
        pub enum $name { $($(#[$doc])* $key),* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$key),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();
            /// Where the chapter begins among the phrases of all chapters.
            pub const START: usize = $before;
            /// Where the next chapter begins.
            pub const END: usize = Self::START + Self::COUNT;
        }

        /// Brazilian Portuguese.
        pub static PORTUGUESE: [&str; $name::COUNT] = [$($portuguese),*];
        /// English.
        #[cfg(any(feature = "english", test))]
        pub static ENGLISH: [&str; $name::COUNT] = [$($english),*];

        impl crate::Phrase for $name {
            fn table(lang: crate::Lang) -> &'static [&'static str] {
                match lang {
                    crate::Lang::Portuguese => &PORTUGUESE,
                    #[cfg(any(feature = "english", test))]
                    crate::Lang::English => &ENGLISH,
                    #[cfg(not(any(feature = "english", test)))]
                    crate::Lang::English => crate::fetched::phrases($name::START..$name::END, &PORTUGUESE),
                }
            }

            fn index(self) -> usize {
                self as usize
            }
        }

        #[cfg(test)]
        mod tables {
            #[test]
            fn both_languages_have_the_same_placeholders_and_no_phrase_is_empty_or_padded() {
                crate::catalogue::check(&super::PORTUGUESE, &super::ENGLISH);
            }
        }
    };
}

pub mod board;
pub mod circle;
pub mod explained;
pub mod reports;
pub mod settings;

chapter! {
    /// Names a phrase of the desk, or one that several parts share.
    Key, after 0; {
    // The product and its places.
    Product: "Ciranda", "Ciranda";
    Desk: "Atendimentos", "Conversations";
    Board: "Painel", "Board";
    Reports: "Relatórios", "Reports";
    Settings: "Ajustes", "Settings";
    Opening: "Abrindo…", "Opening…";
    Sections: "Seções", "Sections";
    Skip: "Ir para o conteúdo", "Skip to the content";
    Close: "Fechar", "Close";
    Cancel: "Cancelar", "Cancel";
    Back: "Voltar", "Back";
    BackToList: "Voltar à lista", "Back to the list";
    Confirm: "Confirmar", "Confirm";
    Dismiss: "Dispensar", "Dismiss";
    Copy: "Copiar", "Copy";
    Copied: "Copiado", "Copied";
    Reload: "Recarregar", "Reload";

    // Entrar.
    SignInTitle: "Entrar", "Sign in";
    SignInLead: "Informe seu e-mail ou telefone. Vamos enviar um código de seis dígitos.", "Enter your e-mail or phone. We will send you a six-digit code.";
    LoginLabel: "E-mail ou telefone", "E-mail or phone";
    LoginHint: "Telefone com DDD, só números", "Phone with area code, digits only";
    LoginEmpty: "Escreva seu e-mail ou telefone.", "Enter your e-mail or phone.";
    SendCode: "Enviar código", "Send code";
    SendingCode: "Enviando…", "Sending…";
    CodeTitle: "Digite o código", "Enter the code";
    CodeLead: "Se {0} tiver acesso, o código chega por e-mail em instantes e vale por {1} minutos.", "If {0} has access, the code will arrive by e-mail in a moment and is valid for {1} minutes.";
    CodeLabel: "Código de seis dígitos", "Six-digit code";
    Enter: "Entrar", "Sign in";
    Entering: "Entrando…", "Signing in…";
    ResendIn: "Reenviar código em {0}", "Resend code in {0}";
    Resend: "Reenviar código", "Resend code";
    Resent: "Código reenviado.", "Code sent again.";
    OtherLogin: "Usar outro e-mail ou telefone", "Use another e-mail or phone";
    CodeDemo: "Nesta demonstração o código aparece no registro do servidor.", "In this demonstration the code appears in the server's log.";
    EnterAs: "Entrar como…", "Sign in as…";
    EnterAsLead: "Esta é uma demonstração: escolha uma pessoa para ver a tela dela.", "This is a demonstration: choose a person to see their screen.";
    OnlySupervises: "{0} (supervisão)", "{0} (supervisor)";
    InviteTitle: "Seu acesso está pronto", "Your access is ready";
    InviteLead: "Este link vale uma vez. Continue para entrar.", "This link works once. Continue to sign in.";
    InviteContinue: "Continuar", "Continue";
    SignInPitch: "Cada conversa passa por quem pode atender, até alguém dar a mão.", "Every conversation goes round the circle until somebody takes it by the hand.";

    // Erros da API.
    ErrorCodeWrong: "Código incorreto ou vencido. Confira, ou peça outro.", "Wrong or expired code. Check it, or ask for another.";
    ErrorTooMany: "Muitas tentativas. Espere um pouco e tente de novo.", "Too many attempts. Wait a moment and try again.";
    ErrorLoginInvalid: "Confira o e-mail ou telefone: falta alguma coisa.", "Check the e-mail or phone: something is missing.";
    ErrorLinkDead: "Este link já foi usado ou venceu. Peça outro a quem administra a conta.", "This link was used or has expired. Ask the account's administrator for another.";
    ErrorNetwork: "Sem conexão com o servidor. Confira a internet e tente de novo.", "No connection to the server. Check your internet and try again.";
    ErrorServer: "Algo falhou do nosso lado. Tente de novo em instantes.", "Something failed on our side. Try again in a moment.";
    ErrorTrying: "O servidor não está respondendo. Seguimos tentando.", "The server is not answering. Still trying.";
    ErrorDemoOnly: "Isto só existe na demonstração.", "This exists only in the demonstration.";
    ErrorSignedOut: "Sua sessão terminou. Entre de novo para continuar.", "Your session has ended. Sign in again to continue.";
    ErrorInvalid: "Há algo errado no que foi enviado. Confira e tente de novo.", "Something in what was sent is wrong. Check it and try again.";
    ErrorMissing: "Não encontramos o que você pediu.", "We did not find what you asked for.";

    // Conexão.
    Live: "ao vivo", "live";
    LiveTitle: "Ao vivo: as mudanças chegam na hora", "Live: changes arrive at once";
    Recovering: "recuperando", "catching up";
    RecoveringTitle: "Conectado, recuperando o que aconteceu", "Connected, catching up";
    OfflineSince: "sem conexão desde {0}", "offline since {0}";
    Offline: "sem conexão", "offline";
    OfflineTitle: "Você pode ler e escrever; tudo segue quando a conexão voltar", "You can read and write; everything will be sent when the connection is back";
    OfflineQueued: "{0} ação guardada até a conexão voltar", "{0} action kept until the connection is back";
    OfflineQueuedMany: "{0} ações guardadas até a conexão voltar", "{0} actions kept until the connection is back";
    NewVersion: "Há uma versão nova da Ciranda. Recarregue para continuar.", "There is a new version of Ciranda. Reload to continue.";
    Loading: "Carregando conversas…", "Loading conversations…";
    LoadFailed: "Não foi possível carregar as conversas.", "The conversations could not be loaded.";
    TryAgain: "Tentar de novo", "Try again";

    // A lista.
    Conversations: "Conversas", "Conversations";
    TabNew: "Novos", "New";
    TabMine: "Meus", "Mine";
    TabOthers: "Outros", "Others";
    TabFinished: "Concluídos", "Concluded";
    EmptyNew: "Nenhuma conversa esperando", "No conversation waiting";
    EmptyNewHint: "Quando alguém escrever, aparece aqui com um som.", "When somebody writes it appears here, with a sound.";
    EmptyNewAway: "Você está indisponível: novas conversas vão para outras pessoas.", "You are unavailable: new conversations go to others.";
    EmptyMine: "Você não está atendendo ninguém", "You have no conversations in progress";
    EmptyMineHint: "Inicie uma conversa de Novos para começar.", "Start a conversation from New to begin.";
    EmptyOthers: "Nenhum atendimento de outras pessoas", "No conversations of other people";
    EmptyOthersHint: "Aqui aparecem os atendimentos em andamento que você pode ver.", "Conversations in progress that you may see appear here.";
    EmptyFinished: "Nada concluído ainda", "Nothing concluded yet";
    EmptyFinishedHint: "Atendimentos concluídos nos últimos 30 dias ficam aqui.", "Conversations concluded in the last 30 days are kept here.";
    ForYou: "para você", "for you";
    OfferedTo: "oferecida a {0}", "offered to {0}";
    OpenToTeam: "aberta à equipe", "open to the team";
    InQueue: "na fila", "queued";
    ReceivedFrom: "recebida de {0}", "received from {0}";
    FinishedBy: "por {0}", "by {0}";
    UnreadOne: "{0} mensagem não lida", "{0} unread message";
    UnreadMany: "{0} mensagens não lidas", "{0} unread messages";
    PassesOnIn: "Passa adiante em {0}", "Goes to the next person in {0}";
    StandsWhileClosed: "{0} de horário aberto; agora está fechado", "{0} of business hours (closed now)";
    PassingOn: "Passando adiante…", "Passing on…";
    OpensToTeamIn: "Aberta à equipe em {0}", "Opens to the team in {0}";
    LastWaiting: "Na fila: {0}", "Waiting: {0}";
    LastFailed: "Não enviada: {0}", "Not sent: {0}";
    NewConversationSay: "Nova conversa de {0}", "New conversation from {0}";
    NewMessageSay: "{0} escreveu", "{0} wrote";
    Now: "agora", "now";
    MinutesAgo: "{0} min", "{0} min";
    Yesterday: "ontem", "yesterday";
    Today: "Hoje", "Today";
    YesterdayTitle: "Ontem", "Yesterday";
    TomorrowAt: "amanhã {0}", "tomorrow {0}";
    TodayAt: "hoje {0}", "today {0}";

    // A janela.
    WindowOpenUntil: "Aberta até {0}", "Open until {0}";
    WindowClosesIn: "Fecha em {0}", "Closes in {0}";
    WindowClosed: "Janela fechada", "Window closed";
    WindowClosedShort: "fechada", "closed";
    WindowRefused: "Recusada pela Meta", "Refused by Meta";
    WindowHumanUntil: "Só resposta humana até {0}", "Human reply only until {0}";
    WindowWord: "janela", "window";
    WindowNever: "O contato ainda não escreveu", "The contact has not written yet";
    WindowTip: "Última mensagem do contato: {0}. Dá para escrever livremente até {1}.", "Contact's last message: {0}. You can write freely until {1}.";
    WindowTipClosed: "Última mensagem do contato: {0}. A janela fechou em {1}.", "Contact's last message: {0}. Window closed: {1}.";
    WindowTipRefused: "A Meta recusou uma mensagem em {0}. A janela abre de novo quando o contato escrever.", "Meta refused a message ({0}). The window opens again when the contact writes.";

    // A conversa.
    PickOne: "Escolha uma conversa", "Choose a conversation";
    PickOneHint: "Use j e k para andar pela lista e Enter para abrir.", "Use j and k to move through the list and Enter to open.";
    Thread: "Mensagens", "Messages";
    PendingFor: "Pendente há {0}", "Pending for {0}";
    InProgressFor: "Em andamento há {0}", "In progress for {0}";
    InProgressWith: "Com {0} há {1}", "With {0} for {1}";
    FinishedAt: "Concluída {0}", "Concluded {0}";
    Start: "Iniciar", "Start";
    Starting: "Iniciando…", "Starting…";
    Transfer: "Transferir", "Transfer";
    Conclude: "Concluir", "Conclude";
    Restart: "Reiniciar", "Restart";
    TakeOver: "Assumir", "Take over";
    ShowContact: "Detalhes do contato", "Contact details";
    LoadingOlder: "Carregando mensagens anteriores…", "Loading earlier messages…";
    Beginning: "Início da conversa", "Beginning of the conversation";
    ToNewest: "Ir para a mais recente", "Go to the newest";
    NewBelowOne: "{0} mensagem nova", "{0} new message";
    NewBelowMany: "{0} mensagens novas", "{0} new messages";
    You: "Você", "You";
    Customer: "Contato", "Contact";
    Why: "por quê?", "why?";
    GoneTitle: "Você não vê mais esta conversa", "You no longer see this conversation";
    GoneLead: "Ela passou para outra pessoa ou equipe, ou seu acesso mudou.", "It went to another person or team, or your access changed.";
    GoneUnknown: "A conversa deste endereço não existe, ou não é sua para ver.", "The conversation of this address does not exist, or is not yours to see.";
    TakenOver: "A conversa de {1} agora está com {0}.", "{1}'s conversation is with {0} now.";
    TakenAway: "A conversa de {0} não está mais com você.", "{0}'s conversation is no longer with you.";
    GoneDraft: "O que você tinha escrito:", "What you had written:";

    // Entregas.
    Sending: "Enviando", "Sending";
    HeldBack: "Espera sua confirmação para sair", "Waiting for you to confirm";
    QueuedOffline: "Sai quando a conexão voltar", "Will be sent when the connection is back";
    DeliveryQueued: "Na fila de envio", "Queued";
    DeliveryAccepted: "Aceita pela Meta", "Accepted by Meta";
    DeliverySent: "Enviada", "Sent";
    DeliveryDelivered: "Entregue", "Delivered";
    DeliveryRead: "Lida", "Read";
    DeliveryWaiting: "Aguardando resposta do contato", "Waiting for the contact's reply";
    DeliveryWaitingHint: "Sai sozinha quando o contato responder, até {0}.", "Will be sent when the contact replies, until {0}.";
    WaitingBehind: "Sai depois da anterior.", "Will be sent after the one before it.";
    WaitingStopped: "Parou porque a anterior não saiu.", "Stopped because the one before it was not sent.";
    SendNow: "Enviar agora", "Send now";
    DeliveryUnknown: "Não sabemos se saiu", "We do not know whether it was sent";
    DeliveryUnknownHint: "A conexão com a Meta caiu durante o envio. Confirmamos assim que ela avisar; não reenviamos sozinhos para não repetir.", "The connection to Meta broke while sending. We confirm as soon as it tells us; we do not resend by ourselves so as not to repeat.";
    DeliveryFailed: "Não enviada", "Not sent";
    CancelledByAuthor: "Excluída antes de sair", "Deleted before it was sent";
    CancelledByConclusion: "Cancelada: o atendimento foi concluído", "Cancelled: the conversation was concluded";
    CancelledExpired: "Cancelada: sete dias sem resposta", "Cancelled: seven days without a reply";
    Delete: "Excluir", "Delete";
    Retry: "Tentar de novo", "Try again";

    // Tipos de mensagem.
    KindText: "Mensagem", "Message";
    KindImage: "Foto", "Photo";
    KindVideo: "Vídeo", "Video";
    KindAudio: "Áudio", "Audio";
    KindVoice: "Mensagem de voz", "Voice message";
    KindDocument: "Documento", "Document";
    KindSticker: "Figurinha", "Sticker";
    KindLocation: "Localização", "Location";
    KindContacts: "Contato compartilhado", "Shared contact";
    KindInteractive: "Resposta a opções", "Answer to options";
    KindButton: "Botão tocado", "Tapped button";
    KindReaction: "Reação", "Reaction";
    KindOrder: "Pedido", "Order";
    KindSystem: "Aviso do WhatsApp", "WhatsApp notice";
    KindEdit: "Mensagem editada", "Edited message";
    KindRevoke: "Mensagem apagada pelo contato", "Message deleted by the contact";
    KindUnsupported: "Mensagem não suportada", "Unsupported message";
    KindPoll: "Enquete", "Poll";
    KindTemplate: "Modelo de mensagem", "Message template";

    // O compositor.
    Write: "Escreva uma mensagem", "Write a message";
    WriteLabel: "Mensagem para {0}", "Message to {0}";
    Send: "Enviar", "Send";
    Queue: "Deixar na fila", "Queue message";
    ComposerClosed: "A janela está fechada: mensagens ficam na fila até o contato responder.", "The window is closed: messages wait until the contact replies.";
    ComposerBehind: "O que você escrever sai depois das mensagens que estão na fila.", "What you write will be sent after the messages that are waiting.";
    ComposerNoWindow: "A janela está fechada neste canal. O rascunho fica guardado até o contato escrever.", "The window is closed on this channel. The draft is kept until the contact writes.";
    ComposerHumanNow: "Fora das 24 h: só mensagens escritas por você, até sete dias da última do contato.", "After 24 h: only messages that you write yourself, up to seven days after the contact's last one.";
    ComposerPendingNobody: "Esperando alguém da equipe.", "Waiting for somebody in the team.";
    HeldOne: "{0} texto ainda não saiu e a conversa pode ter mudado. Enviar mesmo assim?", "{0} message has not been sent yet, and the conversation may have changed. Send it anyway?";
    HeldMany: "{0} textos ainda não saíram e a conversa pode ter mudado. Enviar mesmo assim?", "{0} messages have not been sent yet, and the conversation may have changed. Send them anyway?";
    HeldSend: "Enviar", "Send";
    HeldDiscard: "Voltar a rascunho", "Back to draft";
    ComposerPending: "Inicie o atendimento para responder.", "Start the conversation to answer.";
    ComposerPendingOther: "Oferecida a {0}: só quem supervisiona pode iniciar agora.", "Offered to {0}: only supervisors can start it now.";
    ComposerOther: "{0} está atendendo.", "{0} is handling this conversation.";
    ComposerFinished: "Atendimento concluído.", "Conversation concluded.";
    CharactersLeft: "{0} restantes", "{0} left";
    CharactersOver: "{0} a mais", "{0} too many";
    DraftKept: "Rascunho guardado", "Draft kept";
    SendHint: "Enter envia, Shift+Enter quebra a linha", "Enter sends, Shift+Enter starts a new line";

    // Notas internas.
    Note: "Nota interna", "Internal note";
    NoteWrite: "Nota só para a equipe; @ chama alguém", "Team only; @ mentions somebody";
    NoteSave: "Anotar", "Add note";
    RequestTransfer: "Solicitar transferência", "Ask for a transfer";
    RequestText: "@{0} Pode transferir esta conversa para mim?", "@{0} Could you transfer this conversation to me?";
    NoteHint: "O contato não vê esta nota.", "The contact does not see this note.";
    NotePeople: "Quem chamar", "Whom to mention";
    MentionedBy: "{0} mencionou você", "{0} mentioned you";
    MentionedSay: "{0} mencionou você na conversa de {1}", "{0} mentioned you in {1}'s conversation";

    // Avisos.
    HalfSay: "{0} ainda espera você iniciar", "{0} is still waiting for you to start";
    BellOpen: "{0} espera qualquer pessoa de {1}", "{0} is waiting for anybody in {1}";
    BellMany: "{0} conversas esperam sem responsável", "{0} conversations are waiting with nobody assigned";
    BellQueued: "{0} está na fila de {1}: ninguém tem vaga", "{0} is queued in {1}: nobody has room";

    // Transferir e concluir.
    TransferTitle: "Transferir conversa de {0}", "Transfer {0}'s conversation";
    TransferToTeam: "Para uma equipe", "To a team";
    TransferToPerson: "Para uma pessoa", "To a person";
    TransferToTeamHint: "Volta para Novos da equipe escolhida.", "Goes back to the chosen team's New tab.";
    TransferToPersonHint: "Vai direto para Meus da pessoa.", "Goes straight to the person's Mine tab.";
    TransferFilter: "Filtrar por nome", "Filter by name";
    TransferNone: "Nada com esse nome.", "Nothing by that name.";
    TransferWhichTeam: "{0} não é da equipe {1}. Em qual equipe a conversa continua?", "{0} is not in {1}. In which team does the conversation go on?";
    CurrentTeam: "equipe atual", "current team";
    TeamNobody: "ninguém atende", "no attendants";
    TeamRestricted: "Acesso restrito à equipe", "Access restricted to the team";
    TeamAttendantOnly: "Só responsável e supervisão veem", "Only the person responsible and supervisors see it";
    Available: "Disponível", "Available";
    Unavailable: "Indisponível", "Unavailable";
    UnavailableWarning: "{0} está indisponível e pode demorar a ver.", "{0} is unavailable and may take a while to see it.";
    ConcludeTitle: "Concluir atendimento de {0}?", "Conclude {0}'s conversation?";
    ConcludeLead: "Se o contato responder em até 12 horas, a conversa volta para você.", "If the contact replies within 12 hours, the conversation comes back to you.";
    ConcludeWaitingOne: "{0} texto que aguarda resposta será cancelado.", "{0} text waiting for a reply will be cancelled.";
    ConcludeWaitingMany: "{0} textos que aguardam resposta serão cancelados.", "{0} texts waiting for a reply will be cancelled.";

    // O contato.
    ContactPane: "Contato", "Contact";
    Phone: "Telefone", "Phone";
    NoPhone: "sem telefone", "no phone";
    Channel: "Canal", "Channel";
    Team: "Equipe", "Team";
    Responsible: "Responsável", "Responsible";
    OfferedToLabel: "Oferecida a", "Offered to";
    StartedLabel: "Início", "Started";
    Preferred: "Atendente preferido", "Preferred attendant";
    OverLimit: "{0} já estava no limite: {1} de {2}", "{0} was at the limit already: {1} of {2}";
    AtLimit: "no limite: {0} de {1}", "at the limit: {0} of {1}";
    PreferredNobody: "Ninguém", "Nobody";
    PreferredHint: "Recebe primeiro as próximas conversas deste contato, se puder.", "Is offered this contact's next conversations first, if available.";
    WhyMe: "Por que veio para mim?", "Why did it come to me?";
    WhyThem: "Por que veio para {0}?", "Why did it come to {0}?";
    WhyWith: "Por que está com {0}?", "Why is it with {0}?";
    WhyNobody: "Por que está com a equipe?", "Why is it with the team?";
    WhyOpen: "Ninguém foi escolhido: qualquer pessoa da equipe pode iniciar.", "Nobody was chosen: anybody in the team can start it.";
    WhyEmpty: "O caminho desta conversa aparece aqui.", "This conversation's path appears here.";
    Details: "Atendimento", "Conversation";
    History: "Histórico do contato", "Contact history";
    HistoryEmpty: "Não há outros atendimentos que você possa abrir.", "There are no other conversations that you may open.";
    HistoryMore: "Só os {0} mais recentes.", "Only the latest {0}.";
    UnseenElsewhereOne: "{0} atendimento em outra equipe", "{0} conversation in another team";
    UnseenElsewhereMany: "{0} atendimentos em outras equipes", "{0} conversations in other teams";
    UnseenOwnOne: "{0} atendimento da sua equipe que você não vê", "{0} conversation in your team that you do not see";
    UnseenOwnMany: "{0} atendimentos das suas equipes que você não vê", "{0} conversations in your teams that you do not see";

    // Pessoa, tema, som.
    MyMenu: "{0}, {1}: abrir menu", "{0}, {1}: open menu";
    Availability: "Disponibilidade", "Availability";
    BecomeAvailable: "Ficar disponível", "Become available";
    AvailableHint: "Recebe novas conversas", "Receives new conversations";
    UnavailableHint: "Não recebe novas conversas, em nenhuma equipe", "Receives no new conversations, in any team";
    Theme: "Aparência", "Appearance";
    ThemeSystem: "Sistema", "System";
    ThemeLight: "Clara", "Light";
    ThemeDark: "Escura", "Dark";
    OtherLanguage: "English", "Português";
    Shortcuts: "Atalhos do teclado", "Keyboard shortcuts";
    SignOut: "Sair", "Sign out";
    SignOutPending: "Há {0} ação que ainda não chegou ao servidor. Sair mesmo assim?", "{0} action has not reached the server yet. Sign out anyway?";
    SignOutPendingMany: "Há {0} ações que ainda não chegaram ao servidor. Sair mesmo assim?", "{0} actions have not reached the server yet. Sign out anyway?";
    ProfileAdministrator: "Administração", "Administrator";
    ProfileAttendant: "Atendente", "Attendant";
    ProfileRestricted: "Atendente restrito", "Restricted attendant";
    SoundAsk: "O navegador silenciou os avisos sonoros.", "The browser muted the sound alerts.";
    SoundEnable: "Ativar som", "Enable sound";
    NotifyAsk: "Avisar de novas conversas mesmo com esta aba em segundo plano?", "Notify you of new conversations when this tab is in the background?";
    NotifyEnable: "Ativar avisos", "Enable notifications";
    NotifyTitle: "Nova conversa", "New conversation";
    Notices: "Avisos", "Notices";

    // Atalhos.
    KeysNext: "Próxima conversa", "Next conversation";
    KeysPrevious: "Conversa anterior", "Previous conversation";
    KeysOpen: "Abrir conversa", "Open conversation";
    KeysStart: "Iniciar ou reiniciar", "Start or restart";
    KeysWrite: "Escrever", "Write";
    KeysSend: "Enviar", "Send";
    KeysNewline: "Quebrar a linha", "New line";
    KeysTakeOver: "Assumir o atendimento", "Take over";
    KeysTransfer: "Transferir", "Transfer";
    KeysConclude: "Concluir", "Conclude";
    KeysTabs: "Novos, Meus, Outros, Concluídos", "New, Mine, Others, Concluded";
    KeysContact: "Mostrar ou ocultar o contato", "Show or hide the contact";
    KeysLeave: "Sair do campo, voltar à lista", "Leave the field, back to the list";
    KeysHelp: "Esta ajuda", "This help";
    KeysSingle: "Atalhos de uma tecla", "Single-key shortcuts";
    KeysSingleHint: "Desligue se usa voz ou outro leitor. Não valem enquanto você escreve.", "Turn off if you use speech input or a screen reader. They never act while you write.";
    KeysList: "Na lista", "In the list";
    KeysConversation: "Na conversa", "In the conversation";
    KeysBoard: "No painel", "On the board";
    KeysMove: "Mover para outra pessoa ou equipe", "Move to another person or team";
    KeysWhy: "Por que está onde está", "Why it is where it is";
    KeysAnywhere: "Em toda parte", "Anywhere";
    Or: "ou", "or";

    // Recusas.
    RefusedNotFound: "Esta conversa não está mais disponível para você.", "This conversation is no longer available to you.";
    RefusedAlreadyStarted: "{0} iniciou este atendimento antes de você.", "{0} started this conversation before you.";
    RefusedPassedOn: "O tempo para iniciar acabou e a conversa passou adiante.", "The time to start ran out and the conversation passed on.";
    RefusedNotAllowed: "Isto cabe ao responsável ou à supervisão da equipe.", "Only the person responsible or a supervisor can do this.";
    RefusedFinished: "Este atendimento já foi concluído.", "This conversation was already concluded.";
    RefusedCannotReceive: "A pessoa ou equipe escolhida não pode receber esta conversa.", "The chosen person or team cannot receive this conversation.";
    RefusedBadText: "O texto está vazio ou é longo demais para este canal.", "The text is empty or too long for this channel.";
    RefusedAlreadyOpen: "Este contato já tem um atendimento aberto neste canal.", "This contact has an open conversation on this channel already.";
    RefusedTooLate: "Tarde demais: a situação já mudou.", "Too late: the situation has changed.";
    RefusedDraftKept: "O que você escreveu ficou como rascunho.", "What you wrote is kept as a draft.";

    // Linha do tempo.
    FactReceived: "Recebida no canal {0}", "Received on channel {0}";
    FactOffered: "Oferecida a {0}", "Offered to {0}";
    FactOfferedTurn: "Oferecida a {0}: era a vez no círculo", "Offered to {0}: next in the circle";
    FactPassedLimit: "Passou para {0}: {1} não iniciou a tempo", "Passed to {0}: {1} did not start in time";
    FactPassedOutage: "Passou para {0}: o prazo de {1} venceu durante uma falha nossa e não conta", "Passed to {0}: {1}'s time ran out during an outage of ours and does not count";
    FactPassedLeft: "Passou para {0}: {1} saiu da equipe", "Passed to {0}: {1} left the team";
    FactPassedUnavailable: "Passou para {0}: {1} ficou indisponível", "Passed to {0}: {1} became unavailable";
    FactOfferedPreferred: "Oferecida a {0}: tem a preferência do contato", "Offered to {0}: the contact's preferred attendant";
    FactOfferedSlot: "Oferecida a {0}: abriu uma vaga", "Offered to {0}: a slot became free";
    FactOfferedRecent: "Oferecida a {0}: fazia mais tempo que não recebia", "Offered to {0}: the longest without receiving one";
    FactOfferedLoaded: "Oferecida a {0}: tinha menos conversas", "Offered to {0}: had the fewest conversations";
    FactReleased: "Aberta a toda a equipe", "Open to the whole team";
    FactReleasedLimit: "Aberta a toda a equipe: {0} não iniciou a tempo", "Open to the whole team: {0} did not start in time";
    FactReleasedOutage: "Aberta a toda a equipe: o prazo de {0} venceu durante uma falha nossa e não conta", "Open to the whole team: {0}'s time ran out during an outage of ours and does not count";
    FactReleasedMaximum: "Aberta a toda a equipe: o tempo máximo acabou", "Open to the whole team: the maximum time ran out";
    FactReleasedMaximumOutage: "Aberta a toda a equipe: o tempo máximo acabou durante uma falha nossa", "Open to the whole team: the maximum time ran out during an outage of ours";
    FactReleasedNobody: "Aberta a toda a equipe: ninguém podia receber", "Open to the whole team: nobody could receive it";
    FactReleasedOff: "Aberta a toda a equipe: a distribuição está desligada", "Open to the whole team: distribution is off";
    FactReleasedLeft: "Aberta a toda a equipe: {0} saiu da equipe", "Open to the whole team: {0} left the team";
    FactReleasedUnavailable: "Aberta a toda a equipe: {0} ficou indisponível", "Open to the whole team: {0} became unavailable";
    OpeningNotice: "Chegaram fora do horário e esperam por você: {0}", "Arrived outside business hours and waiting for you: {0}";
    FactBack: "Voltou à equipe: o cliente escreveu de novo", "Back to the team: the customer wrote again";
    FactBackFrom: "Voltou à equipe: o cliente escreveu de novo e {0} não pode receber agora", "Back to the team: the customer wrote again and {0} cannot receive it now";
    FactQueued: "Na fila: todas as pessoas estão com o máximo de conversas", "Queued: everybody has their maximum of conversations";
    FactStarted: "{0} iniciou o atendimento", "{0} started the conversation";
    FactToTeam: "{0} transferiu de {1} para {2}", "{0} transferred from {1} to {2}";
    FactToQueue: "{0} devolveu à fila de {1}", "{0} returned it to the queue of {1}";
    FactToPerson: "{0} transferiu para {1}, equipe {2}", "{0} transferred to {1}, team {2}";
    FactToTeamFromDeleted: "{0} excluiu a equipe {1}: foi para a fila de {2}", "{0} deleted the team {1}: it went to the queue of {2}";
    FactToTeamFromLeft: "{0} não atende mais aqui, por decisão de {2}: voltou à fila de {1}", "{0} does not attend here any more, decided by {2}: back to the queue of {1}";
    FactToPersonFromDeleted: "{0} excluiu a equipe {1}: segue com {2}, equipe {3}", "{0} deleted the team {1}: it goes on with {2}, team {3}";
    FactToPersonFromLeft: "{0} não atende mais aqui, por decisão de {3}: passou para {1}, equipe {2}", "{0} does not attend here any more, decided by {3}: passed to {1}, team {2}";
    FactTookOver: "{0} assumiu o atendimento", "{0} took the conversation over";
    FactConcluded: "{0} concluiu o atendimento", "{0} concluded the conversation";
    FactConcludedAuto: "Concluído automaticamente", "Concluded automatically";
    FactRestarted: "{0} reiniciou o atendimento", "{0} restarted the conversation";
    FactReturned: "O contato respondeu em menos de 12 horas: voltou para {0}", "The contact replied within 12 hours: back to {0}";
    FactAutoReplied: "Resposta automática: fora do horário de atendimento", "Automatic reply: outside business hours";
    SomebodyGone: "alguém", "somebody";

    // Falhas de envio, por código da Meta.
    Fail131047: "Passaram 24 h desde a última mensagem do contato. Dá para escrever de novo quando ele responder.", "More than 24 h since the contact's last message. You can write again when they answer.";
    Fail131026: "Não foi possível entregar: o número pode não ter WhatsApp ou usar uma versão antiga. Fale com o contato por outro canal.", "Could not be delivered: the number may not be on WhatsApp, or may be using an old version. Reach the contact another way.";
    Fail131049: "A Meta preferiu não entregar para não incomodar o contato. Espere ao menos 24 h antes de tentar.", "Meta chose not to deliver so as not to bother the contact. Wait at least 24 h before trying.";
    Fail131050: "O contato pediu para não receber mensagens de marketing.", "The contact asked not to receive marketing messages.";
    FailTooFast: "Muitas mensagens em pouco tempo neste número. Tente de novo em instantes.", "Too many messages in a short time on this number. Try again in a moment.";
    Fail131056: "Muitas mensagens seguidas para este contato. Espere um minuto e tente de novo.", "Too many messages in a row to this contact. Wait a minute and try again.";
    Fail131053: "O arquivo não foi aceito: confira o formato e o tamanho.", "The file was not accepted: check its format and size.";
    Fail131052: "Não foi possível baixar o arquivo do contato. Peça que envie de novo.", "The contact's file could not be downloaded. Ask them to send it again.";
    FailToken: "O acesso deste canal à Meta venceu. Peça a quem administra para renovar.", "This channel's access to Meta has expired. Ask an administrator to renew it.";
    FailPermission: "Falta uma permissão da Meta neste canal. Peça a quem administra para conferir a conexão.", "This channel lacks a Meta permission. Ask an administrator to check the connection.";
    Fail100: "A Meta não aceitou o formato da mensagem. O erro é nosso: avise o suporte com o código.", "Meta did not accept the message's form. The error is ours: tell support the code.";
    Fail131042: "Há um problema no pagamento da conta do WhatsApp. Avise quem administra.", "There is a payment problem with the WhatsApp account. Tell an administrator.";
    FailAccountLocked: "A Meta bloqueou a conta deste canal. Avise quem administra.", "Meta locked this channel's account. Tell an administrator.";
    Fail131048: "A Meta limitou este número por denúncias de spam. Avise quem administra.", "Meta limited this number because of spam reports. Tell an administrator.";
    FailTemporary: "O WhatsApp está instável. Tente de novo em instantes.", "WhatsApp is unstable. Try again in a moment.";
    FailNumberGone: "O número deste canal não está mais registrado na Meta. Avise quem administra.", "This channel's number is no longer registered with Meta. Tell an administrator.";
    Fail131037: "O nome de exibição deste número ainda não foi aprovado pela Meta. Avise quem administra.", "This number's display name is not approved by Meta yet. Tell an administrator.";
    Fail131021: "O destinatário é o próprio número do canal.", "The recipient is the channel's own number.";
    Fail131051: "Este tipo de mensagem não é aceito pelo canal.", "This kind of message is not accepted by the channel.";
    FailTemplate: "O modelo não pôde ser enviado: confira se está aprovado e com todos os parâmetros.", "The template could not be sent: check that it is approved and has all its parameters.";
    FailTemplatePaused: "A Meta pausou ou desativou este modelo por qualidade. Use outro.", "Meta paused or disabled this template for quality. Use another.";
    FailPolicy: "O conteúdo fere uma política da Meta. Reescreva a mensagem.", "The content breaks a Meta policy. Rewrite the message.";
    FailCountry: "A Meta não permite enviar a contatos deste país por este número.", "Meta does not allow sending to contacts in this country from this number.";
    Fail130472: "A Meta incluiu este contato em um experimento e não entrega esta mensagem.", "Meta put this contact in an experiment and does not deliver this message.";
    FailOther: "A Meta recusou a mensagem.", "Meta refused the message.";
    FailOtherNoCode: "A mensagem não saiu.", "The message was not sent.";
    FailCode: "código {0}", "code {0}";

    // E-mail do código.
    EmailCodeSubject: "{0} é o seu código para entrar", "{0} is your code to sign in";
    EmailCodeBody: "Olá!\n\nSeu código para entrar na Ciranda é {0}\n\nEle vale por {1} minutos e só pode ser usado uma vez. Se não foi você quem pediu, ignore este e-mail: sem o código ninguém entra.\n", "Hello!\n\nYour code to sign in to Ciranda is {0}\n\nIt is valid for {1} minutes and works once. If you did not ask for it, ignore this e-mail: nobody gets in without the code.\n";

    // Durações.
    SpanSeconds: "{0} s", "{0} s";
    SpanMinutes: "{0} min", "{0} min";
    SpanHours: "{0} h", "{0} h";
    SpanHoursMinutes: "{0} h {1} min", "{0} h {1} min";
    SpanHoursMinutesShort: "{0} h {1}", "{0} h {1}";
    SpanDay: "{0} dia", "{0} day";
    SpanDays: "{0} dias", "{0} days";
    }
}

/// What holds for the tables of every chapter.
#[cfg(test)]
fn check(portuguese: &[&'static str], english: &[&'static str]) {
    for (portuguese, english) in portuguese.iter().zip(english) {
        assert_eq!(crate::fill::slots(portuguese), crate::fill::slots(english), "{portuguese}");
        for phrase in [portuguese, english] {
            assert!(!phrase.is_empty(), "{portuguese}");
            assert_eq!(phrase.trim_matches(' '), *phrase, "{portuguese}");
            assert!(!phrase.contains(crate::fetched::BETWEEN), "{portuguese}");
        }
    }
}
