//! `/metrics`: figures for a monitoring system, in the text form of OpenMetrics.
//!
//! Nobody signs in for it, so it holds numbers only. Which companies there are is told to this machine and to who brings a token
//! of the JSON interface; everybody else gets the sums. The names of the series are a contract with `packaging`.

use super::api::Caller;
use super::caller;
use super::error::PageError;
use super::site::Site;
use crate::engine::{CompanyMeasures, Measures};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The media type that OpenMetrics has registered.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) async fn get(
    request: HttpRequest,
    token: Option<Caller>,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let detailed = token.is_some() || caller::address(&request).is_loopback();
    let measures = web::block(move || site.measures()).await??;
    let text = encode(measures, detailed).map_err(|_| PageError::Internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text))
}

fn encode(measures: Arc<Measures>, detailed: bool) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("counterfoil");
    registry.register_collector(Box::new(Figures { measures, detailed }));
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry)?;
    Ok(text)
}

#[derive(Debug)]
struct Figures {
    measures: Arc<Measures>,
    detailed: bool,
}

impl Collector for Figures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        self.server(&mut encoder)?;
        self.sums(&mut encoder)?;
        if self.detailed { self.companies(&mut encoder) } else { Ok(()) }
    }
}

impl Figures {
    fn server(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let measures = &self.measures;
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        encoder.encode_descriptor("build", "The version that runs", None, MetricType::Info)?.encode_info(&version)?;
        gauge(encoder, "companies", "Companies", number(measures.companies))?;
        gauge(encoder, "companies_unreadable", "Companies whose file cannot be read", number(measures.unreadable))?;
        let left = measures.companies.saturating_sub(measures.each.len() + measures.unreadable);
        gauge(encoder, "companies_left_out", "Companies beyond the bound that are not measured", number(left))?;
        let help = "Message sets with writes, by what became of them";
        let family = encoder.encode_descriptor("attempts", help, None, MetricType::Counter)?;
        counters(family, "outcome", &measures.attempts)?;
        let help = "Calls of Bill.com, by what their answer meant";
        let family = encoder.encode_descriptor("billcom_calls", help, None, MetricType::Counter)?;
        counters(family, "outcome", &measures.billcom_calls)?;
        if let Some(left) = measures.billcom_calls_left {
            gauge(
                encoder,
                "billcom_calls_left",
                "Calls left in this hour, of the developer key with the fewest",
                left.into(),
            )?;
        }
        if let Some(left) = measures.billcom_logins_left {
            gauge(encoder, "billcom_logins_left", "Sign-ins left in this hour, likewise", left.into())?;
        }
        if let Some(at) = measures.last_backup {
            gauge(encoder, "last_backup_timestamp_seconds", "When the newest nightly backup was made", at.timestamp())?;
        }
        if let Some(bytes) = measures.disk_free_bytes {
            let help = "Free bytes where the data lies";
            gauge(encoder, "disk_free_bytes", help, i64::try_from(bytes).unwrap_or(i64::MAX))?;
        }
        self.commits(encoder)
    }

    fn commits(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let classes = self.measures.commits.classes();
        let count = classes.iter().map(|(_, count)| count).sum();
        // The encoder sums the classes up itself; the last bound is infinity.
        let buckets: Vec<_> = classes
            .iter()
            .map(|(bound, count)| (bound.map_or(f64::MAX, |bound| bound.as_secs_f64()), *count))
            .collect();
        let help = "How long commits to companies' files took";
        encoder
            .encode_descriptor("commit_seconds", help, None, MetricType::Histogram)?
            .encode_histogram::<[(&str, &str); 0]>(self.measures.commits.sum().as_secs_f64(), count, &buckets, None)
    }

    /// Over all companies.
    fn sums(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let each = &self.measures.each;
        let mut states: BTreeMap<&str, u64> = BTreeMap::new();
        for (state, count) in each.iter().flat_map(|company| &company.intents) {
            *states.entry(state).or_default() += count;
        }
        let mut family =
            encoder.encode_descriptor("intents", "Changes that are not settled, by state", None, MetricType::Gauge)?;
        for (state, count) in &states {
            let labels = [("state", *state)];
            ConstGauge::new(counted(*count)).encode(family.encode_family(&labels)?)?;
        }
        let oldest = each.iter().filter_map(|company| company.oldest).min();
        gauge(encoder, "oldest_intent_age_seconds", "Age of the oldest change under way", self.age(oldest))?;
        let problems = each.iter().map(|company| company.problems).sum();
        gauge(encoder, "problems", "Open problems", counted(problems))?;
        let silent = each.iter().filter(|company| company.running).filter_map(|company| company.last_contact).min();
        let help = "Longest time since a running company's Web Connector was here";
        gauge(encoder, "longest_silence_seconds", help, self.age(silent))
    }

    fn companies(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        type Figure = fn(&Figures, &CompanyMeasures) -> Option<i64>;
        let figures: [(&str, &str, Figure); 6] = [
            ("company_running", "1 while the company is kept in step", |_, of| Some(of.running.into())),
            ("company_intents", "The company's changes that are not settled", |_, of| {
                Some(counted(of.intents.values().sum()))
            }),
            ("company_oldest_intent_age_seconds", "Age of the company's oldest change under way", |all, of| {
                Some(all.age(of.oldest))
            }),
            ("company_last_contact_timestamp_seconds", "When the company's Web Connector was last here", |_, of| {
                of.last_contact.map(|at| at.timestamp())
            }),
            ("company_billcom_read_timestamp_seconds", "When Bill.com was last read for the company", |_, of| {
                of.billcom_read.map(|at| at.timestamp())
            }),
            ("company_problems", "The company's open problems", |_, of| Some(counted(of.problems))),
        ];
        for (name, help, figure) in figures {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for company in &self.measures.each {
                if let Some(value) = figure(self, company) {
                    let labels = [("company", company.company.as_str())];
                    ConstGauge::new(value).encode(family.encode_family(&labels)?)?;
                }
            }
        }
        Ok(())
    }

    /// Seconds since a time; 0 when there is none.
    fn age(&self, since: Option<DateTime<Utc>>) -> i64 {
        since.map_or(0, |since| (self.measures.now - since).num_seconds().max(0))
    }
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: i64) -> fmt::Result {
    ConstGauge::new(value).encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
}

fn counters(mut family: MetricEncoder<'_>, label: &str, counts: &[(&'static str, u64)]) -> fmt::Result {
    for (word, count) in counts {
        let labels = [(label, *word)];
        ConstCounter::new(*count).encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn counted(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measures() -> Measures {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("time");
        let company = CompanyMeasures {
            company: "acme".to_owned(),
            running: true,
            intents: BTreeMap::from([("ready", 2), ("in_doubt", 1)]),
            oldest: Some(now - chrono::Duration::seconds(90)),
            last_contact: Some(now - chrono::Duration::seconds(600)),
            billcom_read: None,
            problems: 3,
        };
        Measures {
            now,
            companies: 3,
            each: vec![company.clone(), CompanyMeasures { company: "beta".to_owned(), ..company }],
            attempts: vec![("sent", 7), ("lost", 0)],
            billcom_calls: vec![("ok", 40)],
            billcom_calls_left: Some(17_000),
            ..Measures::default()
        }
    }

    #[test]
    fn strangers_get_sums_and_no_companies() {
        let text = encode(Arc::new(measures()), false).expect("text");
        for line in [
            "counterfoil_intents{state=\"in_doubt\"} 2",
            "counterfoil_oldest_intent_age_seconds 90",
            "counterfoil_longest_silence_seconds 600",
            "counterfoil_attempts_total{outcome=\"sent\"} 7",
            "counterfoil_billcom_calls_total{outcome=\"ok\"} 40",
            "counterfoil_billcom_calls_left 17000",
            "counterfoil_companies_left_out 1",
            "counterfoil_commit_seconds_count 0",
            "counterfoil_problems 6",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
        assert!(!text.contains("acme") && text.ends_with("# EOF\n"), "{text}");
    }

    #[test]
    fn who_may_know_gets_every_company() {
        let text = encode(Arc::new(measures()), true).expect("text");
        for line in [
            "counterfoil_company_intents{company=\"acme\"} 3",
            "counterfoil_company_last_contact_timestamp_seconds{company=\"beta\"} 1799999400",
            "counterfoil_company_problems{company=\"beta\"} 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
        assert!(!text.contains("company_billcom_read_timestamp_seconds{"), "never read");
    }

    /// The alert rules and the dashboard name series that exist.
    #[test]
    fn what_is_shipped_for_monitoring_names_known_series_only() {
        let some = Some(1);
        let whole = Measures {
            last_backup: Some(Utc::now()),
            billcom_logins_left: some,
            disk_free_bytes: Some(1),
            ..measures()
        };
        let text = encode(Arc::new(whole), true).expect("text");
        let shipped = [
            include_str!("../../packaging/prometheus/alerts.yml"),
            include_str!("../../packaging/grafana/counterfoil.json"),
        ];
        let mut seen = 0;
        for word in
            shipped.iter().flat_map(|text| text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_'))
        {
            let Some(series) = word.strip_prefix("counterfoil_") else { continue };
            let base = series.trim_end_matches("_bucket").trim_end_matches("_sum").trim_end_matches("_count");
            let base = base.trim_end_matches("_total").trim_end_matches("_info");
            assert!(text.contains(&format!("# TYPE counterfoil_{base} ")), "there is no series {word}");
            seen += 1;
        }
        assert!(seen > 10, "{seen}");
    }
}
