//! Timers of tasks: when they start, when they fire, what then happens (`reference 2.9`).
//!
//! Work-day arithmetic is absent: a duration counts every day.

use model::{
    specification::{Expiry, Interval, Trigger},
    xml,
};

use crate::{
    calendar::{self, Duration},
    case::ItemStatus,
    command::Refusal,
    event::{Completion, Event},
    ids::{ItemKey, Path},
    program::Timer,
    step::Step,
};

impl Step<'_> {
    /// Starts the item's timer if its task has one with this trigger.
    pub(crate) fn start_timer(&mut self, item: &ItemKey, trigger: Trigger) {
        let Some((path, runner)) = self.case.runner_of(item) else { return };
        let running = runner.timers.contains_key(&item.task);
        let due = self.task_at(&path, item.task).and_then(|task| task.timer.as_ref());
        let due = due.and_then(|timer| self.due(&path, timer, trigger));
        if let Some(due_ms) = due
            && !running
        {
            self.emit(Event::TimerStarted { item: item.clone(), due_ms });
        }
    }

    fn due(&self, path: &Path, timer: &Timer, wanted: Trigger) -> Option<i64> {
        match timer {
            Timer::Set { trigger, expiry } if *trigger == wanted => self.expiry(expiry),
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
                if trigger == wanted { self.moment(expiry.trim()) } else { None }
            }
        }
    }

    fn expiry(&self, expiry: &Expiry) -> Option<i64> {
        let now_ms = self.now_ms();
        match expiry {
            Expiry::At(ms) => Some(*ms),
            Expiry::Duration(text) => {
                Duration::parse(text).ok().map(|duration| duration.after(now_ms))
            }
            Expiry::Ticks { count, interval } => Some(after_ticks(now_ms, *count, *interval)),
        }
    }

    /// A variable's expiry: a duration, a moment, or milliseconds since 1970.
    fn moment(&self, text: &str) -> Option<i64> {
        if text.starts_with('P') {
            return Duration::parse(text).ok().map(|duration| duration.after(self.now_ms()));
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
        let due = self.case.items.iter().filter_map(|(key, item)| Some((item.timer_due_ms?, key)));
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
                let busy = self.busy(&path, key.task);
                let open =
                    busy.and_then(|busy| busy.executing.iter().chain(&busy.entered).min().copied());
                open.map_or(Ok(()), |child| self.force_by_timer(&path, task, (key.task, child)))
            }
            ItemStatus::Fired | ItemStatus::Executing => {
                let child = key.path.0.last().copied().expect("an instance has a number");
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
