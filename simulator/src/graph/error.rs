//! Errors in the shape and with the codes of Meta's Graph API.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An error of the Graph API: a code of Meta's list and what it says about this call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphError {
    pub code: u32,
    pub subcode: Option<u32>,
    pub status: StatusCode,
    pub kind: &'static str,
    pub message: String,
    pub details: Option<String>,
}

impl GraphError {
    /// The error of this code with Meta's usual words.
    #[must_use]
    pub fn of(code: u32) -> Self {
        let (status, title, details) = known(code);
        Self {
            code,
            subcode: None,
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
            kind: "OAuthException",
            message: format!("(#{code}) {title}"),
            details: Some(details.to_owned()),
        }
    }

    /// A parameter that is missing or out of its limits.
    #[must_use]
    pub fn parameter(details: impl Into<String>) -> Self {
        Self { details: Some(details.into()), ..Self::of(100) }
    }

    /// No such object, or not one this token may see: Meta does not say which.
    #[must_use]
    pub fn unknown_object(verb: &str, id: &str) -> Self {
        Self {
            subcode: Some(33),
            kind: "GraphMethodException",
            message: format!(
                "Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
                 permissions, or does not support this operation. Please read the Graph API documentation at \
                 https://developers.facebook.com/docs/graph-api"
            ),
            details: None,
            ..Self::of(100)
        }
    }

    /// The request carried no token.
    #[must_use]
    pub fn no_token() -> Self {
        Self {
            message: "Invalid OAuth access token - Cannot parse access token".to_owned(),
            details: None,
            ..Self::of(190)
        }
    }

    /// An address that the Graph API does not have.
    #[must_use]
    pub fn unknown_path(path: &str) -> Self {
        Self { message: format!("Unknown path components: {path}"), details: None, ..Self::of(2500) }
    }

    /// The words of the error without its number, as a `failed` status carries them.
    #[must_use]
    pub fn title(&self) -> &str {
        self.message.split_once(") ").map_or(self.message.as_str(), |(_, title)| title)
    }

    /// The error as an item of a status's `errors`.
    #[must_use]
    pub fn as_status_error(&self) -> Value {
        json!({
            "code": self.code,
            "title": self.title(),
            "message": self.title(),
            "error_data": { "details": self.details.as_deref().unwrap_or(self.title()) },
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        })
    }

    /// The answer to the call.
    #[must_use]
    pub fn answer(&self, trace: &str) -> Response {
        let mut error = json!({
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "fbtrace_id": trace,
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = subcode.into();
        }
        if let Some(details) = &self.details {
            error["error_data"] = json!({ "messaging_product": "whatsapp", "details": details });
        }
        if self.status.is_server_error() {
            error["is_transient"] = true.into();
        }
        (self.status, Json(json!({ "error": error }))).into_response()
    }
}

/// HTTP status, title and details of the codes a sender can meet.
fn known(code: u32) -> (u16, &'static str, &'static str) {
    match code {
        0 => (401, "AuthException", "We were unable to authenticate the app user."),
        1 => (400, "API Unknown", "Invalid request or possible server error."),
        2 => (503, "API Service", "Temporary due to downtime or due to being overloaded."),
        4 => (400, "API Too Many Calls", "The app has reached its API call rate limit."),
        10 => (403, "Permission Denied", "Permission is either not granted or has been removed."),
        33 => (400, "Parameter value is not valid", "The business phone number has been deleted."),
        100 => (400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
        190 => (401, "Access token has expired", "Your access token has expired."),
        368 => (403, "Temporarily blocked for policies violations", "The account has been restricted."),
        2500 => (400, "Unknown path components", "Unknown path components."),
        80007 => (400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
        130_429 => (400, "Rate limit hit", "Cloud API message throughput has been reached."),
        130_472 => {
            (400, "User's number is part of an experiment", "The message was not sent as part of an experiment.")
        }
        131_000 => (500, "Something went wrong", "Message failed to send due to an unknown error."),
        131_005 => (403, "Access denied", "Permission is either not granted or has been removed."),
        131_008 => (400, "Required parameter is missing", "The request is missing a required parameter."),
        131_009 => (400, "Parameter value is not valid", "One or more parameter values are invalid."),
        131_016 => (503, "Service unavailable", "A service is temporarily unavailable."),
        131_021 => (400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
        131_026 => (400, "Message undeliverable", "Message Undeliverable."),
        131_031 => {
            (403, "Business Account locked", "The account has been restricted or disabled for a policy violation.")
        }
        131_042 => (400, "Business eligibility payment issue", "There was an error related to your payment method."),
        131_047 => (
            400,
            "Re-engagement message",
            "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
        ),
        131_048 => (
            400,
            "Spam rate limit hit",
            "Message failed to send because there are restrictions on how many messages can be sent from this phone number.",
        ),
        131_049 => (
            400,
            "Message not delivered to maintain healthy ecosystem engagement",
            "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
        ),
        131_050 => (
            400,
            "User has stopped marketing messages",
            "The recipient has chosen to stop receiving marketing messages from this business.",
        ),
        131_051 => (400, "Unsupported message type", "Message type is currently not supported."),
        131_053 => (400, "Media upload error", "Unable to upload the media used in the message."),
        131_056 => (
            400,
            "(Business Account, Consumer Account) pair rate limit hit",
            "Too many messages sent from this phone number to the same recipient in a short period.",
        ),
        131_057 => (500, "Account in maintenance mode", "The business account is in maintenance mode."),
        131_062 => {
            (400, "Recipient not supported", "Authentication templates cannot be sent to a business-scoped user id.")
        }
        132_000 => (
            400,
            "Template Param Count Mismatch",
            "The number of parameters does not match the number of parameters of the template.",
        ),
        132_001 => (
            404,
            "Template does not exist",
            "The template does not exist in the given language or has not been approved.",
        ),
        132_015 => (400, "Template is Paused", "The template is paused due to low quality."),
        132_016 => (400, "Template is Disabled", "The template has been disabled."),
        _ => (400, "Something went wrong", "This code was asked for by the simulator's fault panel."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_statuses_leave_the_number_out() {
        let error = GraphError::of(131_047);
        assert_eq!(error.title(), "Re-engagement message");
        assert_eq!(error.as_status_error()["code"], 131_047);
        assert_eq!(GraphError::of(131_056).title(), "(Business Account, Consumer Account) pair rate limit hit");
    }
}
