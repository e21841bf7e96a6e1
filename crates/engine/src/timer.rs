//! Timers of tasks: when they start, when they fire, what then happens (`reference 2.9`).
//!
//! Work days are Monday to Friday: holidays, which the reference asks a web service for, count as any day.

use model::{
    specification::{Expiry, Interval, Trigger},
    xml,
};

use crate::{
    calendar::{self, Duration},
    case::{Instance, InstanceState, ItemStatus},
    command::Refusal,
    event::{Completion, Event},
    ids::{ItemKey, Path},
    program::Timer,
    step::Step,
};

#[cfg(test)]
mod tests;

impl Step<'_> {
    /// Starts the timer of an item of the net at `path` if its task has one with this trigger.
    pub(crate) fn start_timer(&mut self, path: &Path, item: &ItemKey, trigger: Trigger) {
        let task = self.task_at(path, item.task);
        let Some(timer) = task.and_then(|task| task.timer.as_ref()) else { return };
        // An instance that was rolled back still has its timer.
        let running = self.case.items.get(item).is_some_and(|item| item.timer_due_ms().is_some());
        if let Some(due_ms) = self.due(path, timer, trigger)
            && !running
        {
            self.emit(Event::TimerStarted { item: item.clone(), due_ms });
        }
    }

    fn due(&self, path: &Path, timer: &Timer, wanted: Trigger) -> Option<i64> {
        match timer {
            Timer::Set { trigger, expiry, work_days } if *trigger == wanted => {
                self.expiry(expiry, *work_days)
            }
            Timer::Set { .. } => None,
            Timer::Variable(variable) => {
                let value = self.runner(path)?.data.get(variable.0 as usize)?;
                let value = xml::parse(value).ok()?;
                let trigger = match value.child("trigger")?.text().trim() {
                    "OnEnabled" => Trigger::OnEnabled,
                    "OnExecuting" => Trigger::OnExecuting,
                    _ => return None,
                };
                let expiry = value.child("expiry")?.text();
                // That the element is there counts, not what it says.
                let work_days = value.child("workdays").is_some();
                if trigger == wanted { self.moment(expiry.trim(), work_days) } else { None }
            }
        }
    }

    fn expiry(&self, expiry: &Expiry, work_days: bool) -> Option<i64> {
        match expiry {
            Expiry::At(ms) => Some(*ms),
            Expiry::Duration(text) => self.after(text, work_days),
            Expiry::Ticks { count, interval } => {
                Some(after_ticks(self.now_ms(), *count, *interval))
            }
        }
    }

    fn after(&self, duration: &str, work_days: bool) -> Option<i64> {
        let duration = Duration::parse(duration).ok()?;
        let offset_ms = i64::from(self.inputs.now.offset_minutes) * 60_000;
        Some(match work_days {
            true => duration.after_on_work_days(self.now_ms(), offset_ms),
            false => duration.after(self.now_ms()),
        })
    }

    /// A variable's expiry: a duration, a moment, or milliseconds since 1970.
    fn moment(&self, text: &str, work_days: bool) -> Option<i64> {
        if text.starts_with('P') {
            return self.after(text, work_days);
        }
        text.parse().ok().or_else(|| calendar::parse_moment(text).ok())
    }

    /// Fires every timer that is due, earliest first.
    pub(crate) fn fire_due(&mut self) -> Result<(), Refusal> {
        while let Some(item) = self.first_due() {
            self.check_budget()?;
            self.emit(Event::TimerExpired { item: item.clone(), at_ms: self.now_ms() });
            let result = self.attempt(|step| step.expire(&item));
            let path = self.case.runner_of(&item).map(|(path, _)| path);
            match (result, path) {
                (Ok(()), Some(path)) => self.settle(path)?,
                (Err(refusal), Some(path)) => self.raise(&path, item.task, &refusal),
                (Ok(()) | Err(_), None) => {}
            }
        }
        Ok(())
    }

    fn first_due(&self) -> Option<ItemKey> {
        let now_ms = self.now_ms();
        let due =
            self.case.items.iter().filter_map(|(key, item)| Some((item.timer_due_ms()?, key)));
        due.filter(|(due_ms, _)| *due_ms <= now_ms).min().map(|(_, key)| key.clone())
    }

    /// An enabled item is skipped, one at work is completed with its input data; an automated task is left alone.
    fn expire(&mut self, key: &ItemKey) -> Result<(), Refusal> {
        let Some((path, _)) = self.case.runner_of(key) else { return Ok(()) };
        let Some(task) = self.task_at(&path, key.task).filter(|task| !task.automated) else {
            return Ok(());
        };
        let Some(item) = self.case.items.get(key) else { return Ok(()) };
        let status = item.before_suspension.unwrap_or(item.status);
        match status {
            ItemStatus::Enabled => self.skip(&path, key.task).map(drop),
            ItemStatus::IsParent => {
                // The parent's timer concerns its first child that still works.
                let works = |instance: &&Instance| instance.state != InstanceState::Complete;
                let busy = self.busy(&path, key.task);
                let open = busy.and_then(|busy| busy.instances().iter().find(works));
                open.map(|instance| instance.child)
                    .map_or(Ok(()), |child| self.force_by_timer(&path, task, (key.task, child)))
            }
            ItemStatus::Fired | ItemStatus::Executing => {
                let child = key.path.last().expect("an instance has a number");
                self.force_by_timer(&path, task, (key.task, child))
            }
            ItemStatus::Complete
            | ItemStatus::ForcedComplete
            | ItemStatus::Failed
            | ItemStatus::Suspended
            | ItemStatus::Deadlocked => Ok(()),
        }
    }

    fn force_by_timer(
        &mut self,
        path: &Path,
        task: &crate::program::Task,
        (index, child): (crate::ids::TaskIndex, u32),
    ) -> Result<(), Refusal> {
        let input = self.instance_input(path, index, child);
        let data = self.mapped_output(task, &input)?;
        self.complete_instance((path, index, child), Completion::Forced, &data).map(drop)
    }
}

fn after_ticks(now_ms: i64, count: i64, interval: Interval) -> i64 {
    let unit_ms = match interval {
        Interval::Year => return calendar::add_months(now_ms, count.saturating_mul(12)),
        Interval::Month => return calendar::add_months(now_ms, count),
        Interval::Week => 604_800_000,
        Interval::Day => 86_400_000,
        Interval::Hour => 3_600_000,
        Interval::Minute => 60_000,
        Interval::Second => 1000,
        Interval::Millisecond => 1,
    };
    now_ms.saturating_add(count.saturating_mul(unit_ms))
}
