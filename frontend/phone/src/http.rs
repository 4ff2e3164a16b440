//! Asking the simulator and the demo's clock.

use ciranda_simulator_wire::{Refusal, Refused};
use ciranda_text::phone::Phone;
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Where the simulator answers.
pub const API: &str = "/simulador/api";

/// Why something did not work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    Unreachable,
    /// This server has no simulator.
    NotHere,
    Refused(Refusal),
}

impl Trouble {
    /// What a person can do about it.
    pub fn words(self, words: &'static Phone) -> &'static str {
        match self {
            Self::Unreachable => words.cannot_reach,
            Self::NotHere => words.not_here,
            Self::Refused(refusal) => match refusal {
                Refusal::UnknownCustomer => words.unknown_customer,
                Refusal::UnknownNumber => words.unknown_number,
                Refusal::UnknownMessage => words.unknown_message,
                Refusal::UnknownChoice => words.unknown_choice,
                Refusal::UnknownTemplate => words.unknown_template,
                Refusal::EmptyName => words.empty_name,
                Refusal::EmptyText => words.empty_text,
                Refusal::TextTooLong => words.text_too_long,
                Refusal::BadPhone => words.bad_phone,
                Refusal::PhoneTaken => words.phone_taken,
                Refusal::TooManyCustomers => words.too_many_customers,
                Refusal::DeskNotTaking => words.desk_not_taking,
                Refusal::Malformed => words.malformed,
            },
        }
    }
}

/// Reads something.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Trouble> {
    let request = Request::get(path).build().map_err(|_| Trouble::Unreachable)?;
    read(answered(request).await?).await
}

/// Does something whose answer matters.
pub async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, Trouble> {
    read(carry(Request::post(path), body).await?).await
}

/// Does something; that it worked is all there is to know.
pub async fn tell(path: &str, body: &impl Serialize) -> Result<(), Trouble> {
    carry(Request::post(path), body).await.map(drop)
}

/// Sets something.
pub async fn put(path: &str, body: &impl Serialize) -> Result<(), Trouble> {
    carry(Request::put(path), body).await.map(drop)
}

async fn carry(request: RequestBuilder, body: &impl Serialize) -> Result<Response, Trouble> {
    let request = request.json(body).map_err(|_| Trouble::Refused(Refusal::Malformed))?;
    answered(request).await
}

async fn answered(request: Request) -> Result<Response, Trouble> {
    let response = request.send().await.map_err(|_| Trouble::Unreachable)?;
    if response.ok() {
        return Ok(response);
    }
    match response.json::<Refused>().await {
        Ok(Refused { refusal }) => Err(Trouble::Refused(refusal)),
        Err(_) if response.status() == 404 => Err(Trouble::NotHere),
        Err(_) => Err(Trouble::Unreachable),
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Trouble> {
    response.json().await.map_err(|_| Trouble::Unreachable)
}
