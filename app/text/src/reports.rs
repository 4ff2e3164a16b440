//! Definitions of metrics in words, made of the same [`Definition`] that the queries read.

use ciranda_domain::report::{Age, Begins, Belongs, By, Cut, Definition, Ends, FactKind, Leaves, Measure, Metric};

use crate::Words;
use crate::catalogue::reports::Reports;

/// The metric's name.
#[must_use]
pub fn name(metric: Metric) -> Reports {
    match metric {
        Metric::Arrivals => Reports::Arrivals,
        Metric::FirstResponse => Reports::FirstResponse,
        Metric::NextResponse => Reports::NextResponse,
        Metric::Wait => Reports::Wait,
        Metric::Handle => Reports::Handle,
        Metric::Resolution => Reports::Resolution,
        Metric::Conclusions => Reports::Conclusions,
        Metric::Reopenings => Reports::Reopenings,
        Metric::Transfers => Reports::Transfers,
        Metric::Overflow => Reports::Overflow,
        Metric::WindowsLost => Reports::WindowsLost,
        Metric::Backlog => Reports::Backlog,
        Metric::Occupancy => Reports::Occupancy,
    }
}

/// What the metric is, whole: where it stands alone, as in a table for spreadsheets.
#[must_use]
pub fn definition(words: Words, metric: Metric) -> String {
    let definition = metric.definition();
    let mut said = vec![content(words, &definition)];
    said.extend(definition.belongs().map(|belongs| words.get(day(belongs)).to_owned()));
    if matches!(definition.measure, Measure::Length(_)) {
        said.push(words.get(Reports::DefineRank).to_owned());
    }
    said.join(" ")
}

/// What is the metric's own in its definition: where many stand together, the rest is said [once](common).
#[must_use]
pub fn own(words: Words, metric: Metric) -> String {
    let definition = metric.definition();
    let mut said = vec![content(words, &definition)];
    let own_day = definition.belongs().filter(|belongs| !matches!(belongs, Belongs::Began | Belongs::Happened));
    said.extend(own_day.map(|belongs| words.get(day(belongs)).to_owned()));
    said.join(" ")
}

/// What is counted, what is left out, and what its "cut short" means.
fn content(words: Words, definition: &Definition) -> String {
    let mut said = vec![first(words, definition)];
    if !definition.leaves.is_empty() {
        let all: Vec<&str> = definition.leaves.iter().map(|leaves| words.get(left_out(*leaves))).collect();
        said.push(words.fill(Reports::DefineLeaves, &[&all.join("; ")]));
    }
    said.extend(definition.cut().map(|cut| words.get(cut_short(cut)).to_owned()));
    said.join(" ")
}

/// What holds for all metrics that are shown together.
#[must_use]
pub fn common(words: Words) -> String {
    [words.get(Reports::DefineAllDays), words.get(Reports::DefineRank)].join(" ")
}

/// To which team or person what is counted belongs, where it is compared by one of them; nothing where there is no doubt.
#[must_use]
pub fn attributed(words: Words, metric: Metric, by: By) -> Option<&'static str> {
    let said = match by {
        By::Team => of_team(metric),
        By::Person => of_person(metric),
        By::None | By::Day | By::Channel => None,
    };
    said.map(|said| words.get(said))
}

/// The team is that of the conversation when the fact was made: when it happened or ended.
const fn of_team(metric: Metric) -> Option<Reports> {
    Some(match metric {
        Metric::Arrivals => Reports::OfTeamArrived,
        Metric::FirstResponse | Metric::NextResponse | Metric::Wait | Metric::Handle | Metric::Resolution => {
            Reports::OfTeamEnded
        }
        Metric::Conclusions | Metric::Reopenings => Reports::OfTeamConcluded,
        Metric::Transfers => Reports::OfTeamLeft,
        Metric::Overflow => Reports::OfTeamOffered,
        Metric::WindowsLost => Reports::OfTeamThen,
        Metric::Backlog => Reports::OfTeamNow,
        Metric::Occupancy => return None,
    })
}

const fn of_person(metric: Metric) -> Option<Reports> {
    Some(match metric {
        Metric::Arrivals => Reports::OfWhoStarted,
        Metric::FirstResponse => Reports::OfWhoAnsweredFirst,
        Metric::NextResponse => Reports::OfWhoAnswered,
        Metric::Wait | Metric::Handle => Reports::OfWhoTook,
        Metric::Resolution => Reports::OfWhoResolved,
        Metric::Conclusions => Reports::OfWhoConcluded,
        Metric::Reopenings => Reports::OfWhoLetReturn,
        Metric::Transfers => Reports::OfWhoPassedOn,
        Metric::Overflow => Reports::OfWhoLetPass,
        Metric::WindowsLost => Reports::OfWhoHeldThen,
        Metric::Backlog => Reports::OfWhoHolds,
        // A person's own time is nobody else's.
        Metric::Occupancy => return None,
    })
}

fn first(words: Words, definition: &Definition) -> String {
    let begins = words.get(begins(definition.begins));
    match definition.measure {
        Measure::Count(_) => words.fill(Reports::DefineCount, &[begins]),
        Measure::Share { of, .. } => words.fill(Reports::DefineShare, &[begins, words.get(whole(of))]),
        Measure::Length(_) => {
            let ends = words.get(definition.ends.map_or(Reports::ToNow, ends));
            words.fill(Reports::DefineLength, &[begins, ends])
        }
        Measure::Backlog => words.get(Reports::DefineBacklog).to_owned(),
        Measure::Occupancy => words.get(Reports::DefineOccupancy).to_owned(),
    }
}

const fn begins(begins: Begins) -> Reports {
    match begins {
        Begins::Arrival => Reports::FromArrival,
        Begins::FirstOfBurst => Reports::FromBurst,
        Begins::CameToTeam => Reports::FromTeam,
        Begins::TookCharge => Reports::FromCharge,
        Begins::Concluded => Reports::FromConcluded,
        Begins::ReturnedWithinTwelveHours => Reports::FromReturned,
        Begins::PassedOn => Reports::FromPassedOn,
        Begins::OfferExpired => Reports::FromExpired,
        Begins::WindowEnded => Reports::FromWindow,
        Begins::OpenNow => Reports::FromOpen,
        Begins::Available => Reports::FromAvailable,
    }
}

const fn ends(ends: Ends) -> Reports {
    match ends {
        Ends::PersonsText => Reports::ToText,
        Ends::TakenCharge => Reports::ToCharge,
        Ends::LetGo => Reports::ToLetGo,
        Ends::LastConclusion => Reports::ToConclusion,
        Ends::Now => Reports::ToNow,
    }
}

/// Of what something is a share: only offers and conclusions are.
const fn whole(of: FactKind) -> Reports {
    match of {
        FactKind::Offer => Reports::OfOffers,
        FactKind::Arrival
        | FactKind::FirstResponse
        | FactKind::NextResponse
        | FactKind::Wait
        | FactKind::Handle
        | FactKind::Resolution
        | FactKind::Reopening
        | FactKind::Transfer
        | FactKind::Overflow
        | FactKind::WindowLost
        | FactKind::Conclusion => Reports::OfConclusions,
    }
}

const fn day(belongs: Belongs) -> Reports {
    match belongs {
        Belongs::Began => Reports::DayBegan,
        Belongs::Happened => Reports::DayHappened,
        Belongs::Concluded => Reports::DayConcluded,
        Belongs::Offered => Reports::DayOffered,
        Belongs::WindowEnded => Reports::DayWindow,
    }
}

const fn cut_short(cut: Cut) -> Reports {
    match cut {
        Cut::Unanswered => Reports::CutUnanswered,
        Cut::Untaken => Reports::CutUntaken,
    }
}

const fn left_out(leaves: Leaves) -> Reports {
    match leaves {
        Leaves::AutomaticReplies => Reports::WithoutReplies,
        Leaves::ConcludedBursts => Reports::WithoutBursts,
        Leaves::Restarted => Reports::WithoutRestarts,
        Leaves::OutageHops => Reports::WithoutOutage,
        Leaves::TakeOvers => Reports::WithoutTakeOvers,
        Leaves::Reactions => Reports::WithoutReactions,
        Leaves::WhileConcluded => Reports::WithoutConcluded,
    }
}

/// How old.
#[must_use]
pub const fn age(age: Age) -> Reports {
    match age {
        Age::UnderAnHour => Reports::UnderAnHour,
        Age::UnderFourHours => Reports::UnderFourHours,
        Age::UnderEightHours => Reports::UnderEightHours,
        Age::UnderADay => Reports::UnderADay,
        Age::UnderThreeDays => Reports::UnderThreeDays,
        Age::Older => Reports::Older,
    }
}

/// A part of a whole in thousandths, to the nearest; none of nothing.
#[must_use]
pub fn per_mille(part: u64, whole: u64) -> Option<u64> {
    part.saturating_mul(1000).saturating_add(whole / 2).checked_div(whole)
}

/// A part of a whole with one decimal, `12,5 %`; a dash of nothing.
#[must_use]
pub fn share(words: Words, part: u64, whole: u64) -> String {
    match per_mille(part, whole) {
        None => "–".to_owned(),
        Some(thousandths) => percent(words, &tenths(words, thousandths)),
    }
}

/// `12,5 %`, or `12.5%` as English writes it.
#[must_use]
pub fn percent(words: Words, number: &str) -> String {
    let sign = match words.lang() {
        crate::Lang::Portuguese => " %",
        crate::Lang::English => "%",
    };
    [number, sign].concat()
}

/// A number with one decimal, from its tenths: `12,5`.
#[must_use]
pub fn tenths(words: Words, tenths: u64) -> String {
    let point = match words.lang() {
        crate::Lang::Portuguese => ",",
        crate::Lang::English => ".",
    };
    [&(tenths / 10).to_string(), point, &(tenths % 10).to_string()].concat()
}

/// A cell of a table that a spreadsheet opens: quoted where it must be, and never taken for a formula.
#[must_use]
pub fn cell(text: &str, separator: char) -> String {
    let harmless = !text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if harmless { text.to_owned() } else { ["'", text].concat() };
    if text.contains([separator, '"', '\n', '\r']) { ["\"", &text.replace('"', "\"\""), "\""].concat() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_says_what_its_query_counts() {
        let said = definition(Words::PORTUGUESE, Metric::FirstResponse);
        assert_eq!(
            said,
            "Conta de: a primeira mensagem do cliente ainda sem resposta; até: o texto seguinte de uma pessoa, mesmo que espere ou \
             falhe. Fora: respostas automáticas; conversas reiniciadas por uma pessoa; reações e edições. Sem \
             fim: concluída sem resposta, sem que o cliente voltasse em 12 horas. Pertence ao dia em que começou. Mediana e p90 são valores medidos (posto mais próximo)."
        );
        for metric in Metric::ALL {
            assert!(!definition(Words::PORTUGUESE, metric).contains('{'), "{metric:?}");
        }
    }

    #[test]
    fn every_definition_says_the_day_to_which_it_belongs() {
        let (began, happened) = ("Pertence ao dia em que começou.", "Pertence ao dia em que aconteceu.");
        for metric in Metric::ALL {
            let (told, apart) = match metric {
                Metric::FirstResponse | Metric::NextResponse | Metric::Wait | Metric::Handle | Metric::Resolution => {
                    (began, false)
                }
                Metric::Arrivals | Metric::Conclusions | Metric::Transfers => (happened, false),
                Metric::Reopenings => ("Pertence ao dia da conclusão.", true),
                Metric::Overflow => ("Pertence ao dia da oferta.", true),
                Metric::WindowsLost => ("Pertence ao dia em que a janela terminou.", true),
                Metric::Backlog | Metric::Occupancy => {
                    assert!(!definition(Words::PORTUGUESE, metric).contains("Pertence"), "{metric:?}");
                    continue;
                }
            };
            let whole = definition(Words::PORTUGUESE, metric);
            assert_eq!((whole.contains(told), whole.matches("Pertence").count()), (true, 1), "{metric:?}: {whole}");
            // Among others a day is only said where it is not the one that is said for all.
            assert_eq!(own(Words::PORTUGUESE, metric).contains("Pertence"), apart, "{metric:?}");
        }
    }

    #[test]
    fn what_can_be_cut_short_says_how_and_occupancy_what_its_n_is() {
        for metric in Metric::ALL {
            let can = matches!(metric, Metric::FirstResponse | Metric::Wait);
            assert_eq!(own(Words::PORTUGUESE, metric).contains("Sem fim: "), can, "{metric:?}");
        }
        assert!(own(Words::PORTUGUESE, Metric::Occupancy).contains("O n conta trechos de atendimento"));
    }

    #[test]
    fn whose_a_number_is_is_said_by_team_and_by_person_only() {
        for metric in Metric::ALL {
            for by in [By::None, By::Day, By::Team, By::Person, By::Channel] {
                let doubtful = matches!(by, By::Team | By::Person) && metric.splits(by) && metric != Metric::Occupancy;
                let said = attributed(Words::PORTUGUESE, metric, by);
                assert_eq!(said.is_some(), doubtful, "{metric:?} {by:?}");
                // Only what can be running or cut short says whose it is then.
                let length = matches!(metric.definition().measure, Measure::Length(_));
                let speaks =
                    said.is_some_and(|said| said.contains("corre") || said.to_lowercase().contains("em curso"));
                let taken = by == By::Person && matches!(metric, Metric::Wait | Metric::Handle);
                assert_eq!(speaks, doubtful && length && !taken, "{metric:?} {by:?}");
                let cut = said.is_some_and(|said| said.contains("sem fim"));
                assert_eq!(cut, metric == Metric::FirstResponse && by == By::Person, "{metric:?} {by:?}");
            }
        }
    }

    #[test]
    fn shares_have_one_decimal() {
        assert_eq!(share(Words::PORTUGUESE, 1, 8), "12,5 %");
        assert_eq!(share(Words::PORTUGUESE, 1, 7), "14,3 %");
        assert_eq!(share(Words::PORTUGUESE, 2, 3), "66,7 %");
        assert_eq!(share(Words::PORTUGUESE, 0, 0), "–");
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(cell("=1+1", ';'), "'=1+1");
        assert_eq!(cell("@cmd", ';'), "'@cmd");
        assert_eq!(cell("a;b", ';'), "\"a;b\"");
        assert_eq!(cell("a \"b\"", ','), "\"a \"\"b\"\"\"");
        assert_eq!(cell("Suporte", ';'), "Suporte");
    }
}
