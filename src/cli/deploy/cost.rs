//! What a plan says of the cost.

use crate::deploy::cost::{Estimate, Item, dollars};
use serde_json::{Value, json};

/// The last line of a plan that makes something.
pub fn line(estimate: &Estimate) -> String {
    let mut prices = format!("prices of {}", estimate.date);
    if !estimate.borrowed.is_empty() {
        prices.push_str(&format!("; us-east-1's for {}", estimate.borrowed.join(", ")));
    }
    let without = match estimate.unknown.join(", ") {
        none if none.is_empty() => String::new(),
        unknown => format!(", without {unknown}, of which no price is known"),
    };
    format!("About ${} a month before use ({prices}){without}\n", dollars(estimate.total()))
}

/// Adds it to a plan's JSON.
pub fn add(plan: &mut Value, estimate: &Estimate) {
    let item = |item: &Item| {
        json!({
            "node": item.node, "region": item.region, "what": item.what, "quantity": item.quantity,
            "unit_usd": rounded(item.unit_price), "unit": if item.hourly { "hour" } else { "month" },
            "monthly_usd": rounded(item.monthly),
        })
    };
    plan["monthly_usd"] = json!((estimate.total() * 100.0).round() / 100.0);
    plan["items"] = estimate.items.iter().map(item).collect();
    plan["prices_of"] = json!(estimate.date);
    plan["prices_borrowed"] = json!(estimate.borrowed);
    plan["prices_unknown"] = json!(estimate.unknown);
    plan["not_counted"] = json!(estimate.not_counted);
}

/// Without what sums of binary fractions leave behind.
fn rounded(amount: f64) -> f64 {
    (amount * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_in_the_sum_is_said_in_the_line() {
        let mut estimate = Estimate { date: "2026-09-25".into(), ..Estimate::default() };
        assert_eq!(line(&estimate), "About $0 a month before use (prices of 2026-09-25)\n");
        estimate.borrowed = vec!["ap-south-1".into()];
        estimate.unknown = vec!["an instance of Aurora of class db.x2g.large".into()];
        assert_eq!(
            line(&estimate),
            "About $0 a month before use (prices of 2026-09-25; us-east-1's for ap-south-1), without an instance of \
             Aurora of class db.x2g.large, of which no price is known\n"
        );
    }
}
