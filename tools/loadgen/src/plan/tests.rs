//! Plans follow from their seed and keep to their rates.

use super::{Plan, What};
use crate::{Settings, shot::Phase};

fn settings(seed: u64) -> Settings {
    Settings {
        seed,
        launches_per_second: 200.0,
        claims_per_launch: 2.0,
        warm_up_seconds: 10,
        seconds: 90,
        ..Settings::default()
    }
}

#[test]
fn the_same_seed_is_the_same_plan_and_another_is_another() {
    let moments = |seed| Plan::of(&settings(seed)).moments;
    assert_eq!(moments(7), moments(7));
    assert_ne!(moments(7), moments(8));
}

#[test]
fn arrivals_keep_the_rate_and_come_irregularly() {
    let plan = Plan::of(&settings(1));
    // 20,000 are expected; five standard deviations are 707.
    let launches = plan.moments.iter().filter(|m| matches!(m.what, What::Launch(_))).count();
    assert!((19_293..=20_707).contains(&launches), "{launches}");
    let claims = plan.moments.iter().filter(|m| matches!(m.what, What::Claim(_))).count();
    assert!((39_000..=41_000).contains(&claims), "{claims}");
    let gaps = plan.moments.windows(2).map(|pair| (pair[1].at - pair[0].at).as_secs_f64());
    let gaps: Vec<f64> = gaps.collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let spread = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
    // Of a Poisson process the gaps spread as wide as they are long.
    let ratio = spread.sqrt() / mean;
    assert!((0.95..=1.05).contains(&ratio), "{ratio}");
}

#[test]
fn a_drought_is_without_launches_and_has_its_claims() {
    let plan = Plan::of(&Settings { drought_seconds: 30, ..settings(3) });
    let of = |is: fn(&What) -> bool| {
        let dry = plan.moments.iter().filter(|m| (40..70).contains(&m.at.as_secs()));
        dry.filter(|m| is(&m.what)).count()
    };
    assert_eq!(of(|what| matches!(what, What::Launch(_))), 0);
    assert!(of(|what| matches!(what, What::Claim(_))) > 11_000);
}

#[test]
fn phases_follow_one_another() {
    let plan = Plan::of(&settings(1));
    let phase = |seconds| plan.phase(std::time::Duration::from_secs(seconds));
    assert_eq!(
        [9, 10, 99, 100].map(phase),
        [Phase::WarmUp, Phase::Measured, Phase::Measured, Phase::Settling]
    );
}
