//! What Ajustes and the faults of its forms say.

chapter! {
    /// Names a phrase of this chapter.
    Settings {
        Title: "Ajustes", "Settings";

        // O e-mail do convite.
        EmailInviteSubject: "Seu acesso à Ciranda de {0}", "Your access to Ciranda at {0}";
        EmailInviteBody: "Olá!\n\nVocê foi convidado para atender na Ciranda de {0}. Abra este link para entrar pela primeira vez:\n\n{1}\n\nEle vale por três dias e só pode ser usado uma vez.\n", "Hello!\n\nYou were invited to Ciranda at {0}. Open this link to sign in for the first time:\n\n{1}\n\nIt is valid for three days and works once.\n";
    }
}
