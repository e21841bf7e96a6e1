//! Firing a task: tokens are taken, instances come to be, data is prepared (`reference 2.4`).

use std::sync::Arc;

use model::specification::{Gate, Trigger};
use smallvec::smallvec;

use crate::{
    command::Refusal,
    event::{Conditions, Event},
    ids::{ItemKey, NetIndex, Path, TaskIndex},
    net_run::is_enabled,
    program::{Kind, Task},
    step::Step,
};

impl Step<'_> {
    /// Fires an enabled task and gives its instances' child numbers. Nothing happens on refusal.
    pub(crate) fn fire(
        &mut self,
        path: &Path,
        task: TaskIndex,
    ) -> Result<std::ops::Range<u32>, Refusal> {
        let running = self.running(path).filter(|(runner, net)| is_enabled(net, runner, task));
        let Some((runner, net)) = running else {
            let key = ItemKey { path: path.clone(), task };
            return Err(Refusal::NotEnabled(self.item_id(&key)));
        };
        let (fired, first) = (net.task(task), runner.children + 1);
        let inputs = self.instance_inputs(path, fired)?;
        let consumed = self.consumed(path, fired);
        let count = u32::try_from(inputs.len()).expect("the maximum number of instances is a u32");
        let (items, at_ms) = (fired.kind == Kind::Atomic, self.now_ms());
        self.emit(Event::Fired { path: path.clone(), task, consumed, first, inputs, items, at_ms });
        Ok(first..first + count)
    }

    /// AND takes one token of each preset condition, OR one of each marked one, XOR one of one.
    fn consumed(&mut self, path: &Path, fired: &Task) -> Conditions {
        let mut marked = Conditions::new();
        let Some(runner) = self.runner(path) else { return marked };
        for condition in &fired.preset {
            if runner.tokens(*condition) > 0 {
                marked.push(*condition);
            }
        }
        if fired.join == Gate::Xor {
            let chosen = self.choose(marked.len());
            marked = smallvec![marked[chosen]];
        }
        for (condition, more) in &fired.takes_more {
            marked.extend((0..*more).map(|_| *condition));
        }
        marked
    }

    /// Sets an instance to work.
    pub(crate) fn start_instance(&mut self, path: &Path, task: TaskIndex, child: u32) {
        self.emit(Event::Started { path: path.clone(), task, child, at_ms: self.now_ms() });
        if self.task_at(path, task).is_some_and(|task| task.kind == Kind::Atomic) {
            let item = ItemKey { path: path.child(child), task };
            self.start_timer(path, &item, Trigger::OnExecuting);
        }
    }

    /// Fires a composite task and starts a net per instance. Gives their paths, the first one last.
    pub(crate) fn start_composite(
        &mut self,
        path: &Path,
        task: TaskIndex,
    ) -> Result<Vec<Path>, Refusal> {
        let children = self.fire(path, task)?;
        let Some(Kind::Composite(net)) = self.task_at(path, task).map(|task| task.kind) else {
            unreachable!("only composite tasks are started as such")
        };
        let mut started = Vec::new();
        for child in children {
            self.start_instance(path, task, child);
            let input = self.instance_input(path, task, child);
            let at = path.child(child);
            self.start_subnet(&at, net, &input);
            started.push(at);
        }
        started.reverse();
        Ok(started)
    }

    fn start_subnet(&mut self, path: &Path, net: NetIndex, input: &str) {
        let values = self.subnet_values(self.program.net(net), input);
        self.start_net(path, net, values);
    }

    /// A net comes to be with a token in its input condition.
    pub(crate) fn start_net(&mut self, path: &Path, index: NetIndex, data: Arc<[Arc<str>]>) {
        let net = self.program.net(index);
        let conditions =
            u32::try_from(net.conditions.len()).expect("the reader bounds the elements of a net");
        self.emit(Event::NetStarted {
            path: path.clone(),
            net: index,
            conditions,
            input: net.input,
            data,
        });
    }

    /// Runs an empty task from its tokens to its tokens.
    pub(crate) fn pass_through(&mut self, path: &Path, task: TaskIndex) -> Result<(), Refusal> {
        self.fire(path, task)?;
        self.exit_task(path, task)
    }
}
