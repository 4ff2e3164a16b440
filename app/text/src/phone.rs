//! The phrases of the page `/simulador`, the customer's phone of the demo.
//!
//! *Invariant:* a phrase without both languages does not compile. Apart from the catalogue, because the desk's module
//! never shows them and the phone's module shows no others.

use crate::Lang;

macro_rules! phrases {
    ($($key:ident: $portuguese:literal, $english:literal;)*) => {
        /// Every phrase of the page, in one language.
        pub struct Phone { $(pub $key: &'static str),* }
        static PORTUGUESE: Phone = Phone { $($key: $portuguese),* };
        static ENGLISH: Phone = Phone { $($key: $english),* };
        /// Each phrase in both languages, for checks.
        #[cfg(test)]
        const BOTH: &[(&str, &str)] = &[$(($portuguese, $english)),*];
    };
}

impl Phone {
    /// The phrases in this language.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Portuguese => &PORTUGUESE,
            Lang::English => &ENGLISH,
        }
    }
}

phrases! {
    // The page.
    title: "Simulador", "Simulator";
    subtitle: "O celular dos clientes", "The customers' phone";
    demo_only: "Só na demonstração: nada sai desta máquina.", "Demo only: nothing leaves this machine.";
    loading: "Abrindo os celulares…", "Opening the phones…";
    not_here: "Este servidor não tem simulador: ele só existe na demonstração.", "This server has no simulator: it exists in the demo only.";
    to_desk: "Abrir os atendimentos", "Open the desk";
    live: "Ao vivo", "Live";
    connecting: "Conectando…", "Connecting…";
    lost: "Sem conexão com o servidor. Tentando de novo…", "No connection to the server. Trying again…";

    // Customers.
    customers: "Clientes", "Customers";
    no_customers: "Nenhum cliente ainda. Acrescente um abaixo.", "No customers yet. Add one below.";
    only_user_id: "Sem telefone, só identificador", "No phone number, user id only";
    nothing_yet: "Nenhuma mensagem", "No messages";
    you_wrote: "Cliente: {0}", "Customer: {0}";
    unread_one: "1 não lida", "1 unread";
    unread_many: "{0} não lidas", "{0} unread";
    phone_off: "Celular desligado", "Phone off";
    with_faults: "Com falhas", "With faults";
    add_customer: "Acrescentar cliente", "Add a customer";
    name: "Nome", "Name";
    phone: "Telefone", "Phone";
    phone_hint: "Com DDD. Em branco: conhecido só pelo identificador do WhatsApp.", "With area code. Blank: known by WhatsApp's user id only.";
    add: "Acrescentar", "Add";

    // The chat.
    chat: "Celular", "Phone";
    back: "Voltar aos clientes", "Back to the customers";
    choose: "Escolha um cliente para escrever como ele.", "Choose a customer to write as them.";
    chat_with: "Conversa com {0}", "Chat with {0}";
    talk_to: "Falar com", "Talk to";
    window_open: "Janela aberta até {0}", "Window open until {0}";
    window_shut: "Janela fechada: só modelos chegam", "Window closed: only templates arrive";
    window_none: "Ainda não escreveu", "Has not written yet";
    phone_on: "Celular ligado", "Phone on";
    receipts: "Confirma leitura", "Sends read receipts";
    mark_read: "Marcar como lida", "Mark as read";
    notice: "Receber o modelo {0}", "Receive the template {0}";
    notice_hint: "O sistema de pedidos da loja envia uma mensagem com botões", "The shop's order system sends a message with buttons";
    typing: "digitando…", "typing…";
    empty_chat: "Nada ainda. Escreva abaixo como {0}: a mensagem entra no atendimento como se viesse do WhatsApp.", "Nothing yet. Write below as {0}: the message reaches the desk as if it came from WhatsApp.";
    today: "Hoje", "Today";
    yesterday: "Ontem", "Yesterday";
    customer_wrote: "{0}, às {1}", "{0}, at {1}";
    tick_sending: "Enviando", "Sending";
    tick_failed: "Não entregue: o atendimento não recebeu", "Not delivered: the desk did not take it";
    tick_sent: "Enviada", "Sent";
    tick_delivered: "Entregue", "Delivered";
    tick_read: "Lida", "Read";
    react: "Reagir com ❤", "React with ❤";
    unreact: "Tirar a reação", "Take the reaction off";
    reply: "Responder", "Reply";
    replying: "Respondendo a: {0}", "Replying to: {0}";
    reply_cancel: "Cancelar resposta", "Cancel reply";
    reacted: "Reação: {0}", "Reaction: {0}";
    chosen: "escolhido", "chosen";

    // Kinds.
    image: "Imagem", "Image";
    video: "Vídeo", "Video";
    audio: "Áudio", "Audio";
    document: "Documento", "Document";
    sticker: "Figurinha", "Sticker";
    location: "Localização", "Location";
    contact: "Contato", "Contact";
    unsupported: "Não suportada", "Unsupported";
    template: "Modelo {0}", "Template {0}";
    list: "Lista", "List";

    // Writing.
    write_label: "Mensagem do cliente", "Customer's message";
    write_hint: "Escreva como {0}", "Write as {0}";
    send: "Enviar como cliente", "Send as customer";
    others: "Enviar outro tipo", "Send another kind";
    caption: "Olhem só", "Look at this";

    // The clock.
    tools: "Relógio e falhas", "Clock and faults";
    clock: "Relógio da demonstração", "The demo's clock";
    clock_real: "Hora certa", "Real time";
    clock_ahead: "Adiantado {0}", "Ahead by {0}";
    clock_behind: "Atrasado {0}", "Behind by {0}";
    clock_minute: "Avançar 1 min", "Advance 1 min";
    clock_ten: "Avançar 10 min", "Advance 10 min";
    clock_hour: "Avançar 1 hora", "Advance 1 hour";
    clock_six: "Avançar 6 horas", "Advance 6 hours";
    clock_day: "Avançar 24 horas", "Advance 24 hours";
    clock_morning: "Próxima abertura", "Next opening";
    clock_minutes: "Minutos", "Minutes";
    clock_custom: "Avançar", "Advance";
    clock_forward: "Só para a frente: o que aconteceu fica no passado.", "Forward only: what has happened stays in the past.";
    clock_unknown: "O relógio não respondeu.", "The clock did not answer.";

    // Faults.
    faults: "Falhas", "Faults";
    faults_none: "Nenhuma falha ligada", "No faults on";
    faults_some: "Falhas ligadas", "Faults on";
    faults_of: "Valem para", "Apply to";
    faults_all: "Todos os celulares", "All phones";
    fail_code: "Próximo envio falha com", "Next send fails with";
    fail_never: "Não falha", "Does not fail";
    fail_how: "Como", "How";
    fail_answer: "Recusado na hora", "Refused at once";
    fail_status: "Aceito, depois falha", "Accepted, then fails";
    fail_times: "Quantas vezes", "How many times";
    drop_answers: "Respostas perdidas após aceitar", "Answers lost after accepting";
    delay: "Demora da resposta (ms)", "Delay of the answer (ms)";
    shuffle: "Embaralhar avisos durante (ms)", "Shuffle webhooks within (ms)";
    duplicate: "Repetir cada aviso", "Repeat every webhook";
    statuses_first: "Avisos antes da resposta", "Statuses before the answer";
    skip_delivered: "Pular o aviso de entregue", "Leave “delivered” out";
    apply: "Aplicar falhas", "Apply faults";
    clear: "Tirar falhas", "Clear faults";
    applied: "Falhas aplicadas.", "Faults applied.";
    cleared: "Falhas tiradas.", "Faults cleared.";
    code_131047: "131047 – janela de 24 h", "131047 – 24 h window";
    code_131026: "131026 – não pode ser entregue", "131026 – undeliverable";
    code_131056: "131056 – muitas para o mesmo cliente", "131056 – too many to one customer";
    code_130429: "130429 – limite de envio", "130429 – throughput limit";
    code_131049: "131049 – retida pela Meta", "131049 – held back by Meta";
    code_131000: "131000 – erro desconhecido", "131000 – something went wrong";
    code_131016: "131016 – serviço indisponível", "131016 – service unavailable";
    code_190: "190 – token vencido", "190 – expired token";

    // Refusals.
    cannot_reach: "O servidor não respondeu. Sua mensagem continua aqui.", "The server did not answer. Your message is still here.";
    unknown_customer: "Este cliente não existe mais. Recarregue a página.", "This customer is gone. Reload the page.";
    unknown_number: "Este número não existe mais. Recarregue a página.", "This number is gone. Reload the page.";
    unknown_message: "Esta mensagem não está mais no celular.", "This message is no longer on the phone.";
    unknown_choice: "Este botão não existe mais.", "This button is gone.";
    unknown_template: "Este modelo não existe mais. Recarregue a página.", "This template is gone. Reload the page.";
    empty_name: "Escreva um nome de até 100 letras.", "Enter a name of up to 100 letters.";
    empty_text: "Escreva uma mensagem.", "Write a message.";
    text_too_long: "O WhatsApp aceita até 4.096 caracteres por mensagem.", "WhatsApp takes up to 4,096 characters a message.";
    bad_phone: "Escreva o telefone com DDD, por exemplo (11) 90000-1234.", "Enter the phone with its area code, for example (11) 90000-1234.";
    phone_taken: "Já há um cliente com este telefone ou nome.", "There is a customer with this phone or name already.";
    too_many_customers: "Não cabem mais clientes. Reinicie a demonstração.", "No room for more customers. Restart the demo.";
    desk_not_taking: "O atendimento não está recebendo mensagens. Tente daqui a pouco.", "The desk is not taking messages. Try again soon.";
    malformed: "O servidor não entendeu o pedido. Recarregue a página.", "The server did not understand. Reload the page.";
}

#[cfg(test)]
mod tests {
    use super::BOTH;
    use crate::fill::slots;

    #[test]
    fn both_languages_have_the_same_placeholders_and_some_words() {
        for (portuguese, english) in BOTH {
            assert_eq!(slots(portuguese), slots(english), "{portuguese}");
            assert!(!portuguese.is_empty() && !english.is_empty());
        }
    }
}
