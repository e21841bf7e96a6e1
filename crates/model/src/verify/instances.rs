//! Several instances of a task: counts that are numbers, queries that are there.

use crate::{rules, specification::Task};

use super::{View, report::Report};

pub(super) fn check(view: &View<'_>, task: &Task, report: &mut Report) {
    let Some(multi) = &task.multi_instance else { return };
    let name = view.name_of(task);
    // A count may be a query: then its value is known only in a case.
    let number = |text: &str| text.trim().parse::<i64>().ok();
    let (minimum, maximum) = (number(&multi.minimum), number(&multi.maximum));
    let counts = [
        (&multi.minimum, &rules::INSTANCES_MINIMUM, "minimum"),
        (&multi.maximum, &rules::INSTANCES_MAXIMUM, "maximum"),
        (&multi.threshold, &rules::INSTANCES_THRESHOLD, "threshold"),
    ];
    for (text, rule, word) in counts {
        if text.trim().is_empty() {
            report.push(rules::MAPPING_EMPTY.found(&name, format!("the {word} is empty")));
        } else if number(text).is_some_and(|number| number < 1) {
            report.push(rule.found(&name, format!("the {word} is {}", text.trim())));
        }
    }
    if let (Some(minimum), Some(maximum)) = (minimum, maximum)
        && minimum > maximum
    {
        let message = format!("the maximum {maximum} is below the minimum {minimum}");
        report.push(rules::INSTANCES_MAXIMUM.found(&name, message));
    }
    if multi.input.splitting.trim().is_empty() {
        report.push(rules::MAPPING_EMPTY.found(&name, "the splitting expression is empty"));
    }
    if multi.output.as_ref().is_some_and(|output| output.joining.trim().is_empty()) {
        report.push(rules::MAPPING_EMPTY.found(&name, "the joining expression is empty"));
    }
}
