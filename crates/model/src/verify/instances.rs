//! Several instances of a task: counts that are numbers, and the formal parameter.

use crate::{finding::Finding, rules, specification::Task};

use super::View;

pub(super) fn check(view: &View<'_>, task: &Task, findings: &mut Vec<Finding>) {
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
            findings.push(rules::MAPPING_EMPTY.found(&name, format!("the {word} is empty")));
        } else if number(text).is_some_and(|number| number < 1) {
            findings.push(rule.found(&name, format!("the {word} is {}", text.trim())));
        }
    }
    if let (Some(minimum), Some(maximum)) = (minimum, maximum)
        && minimum > maximum
    {
        let message = format!("the maximum {maximum} is below the minimum {minimum}");
        findings.push(rules::INSTANCES_MAXIMUM.found(&name, message));
    }
    if multi.input.splitting.trim().is_empty() {
        findings.push(rules::MAPPING_EMPTY.found(&name, "the splitting expression is empty"));
    }
    if multi.output.as_ref().is_some_and(|output| output.joining.trim().is_empty()) {
        findings.push(rules::MAPPING_EMPTY.found(&name, "the joining expression is empty"));
    }
    let parameter = &multi.input.formal_parameter;
    if let Some(decomposition) = view.decomposition_of(task)
        && decomposition.head().inputs.iter().all(|input| input.name != *parameter)
    {
        let message = format!("the formal parameter {parameter:?} is no input parameter");
        findings.push(rules::INSTANCES_PARAMETER.found(&name, message));
    }
}
