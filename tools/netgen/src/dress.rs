//! Gives a drawn net its work: what tasks stand for, data, instances, timers, predicates.

use std::collections::BTreeMap;

use model::specification::{
    Creation, Expiry, Gate, Gateway, Head, Interaction, Interval, Mapping, MultiInstance,
    MultiInstanceInput, MultiInstanceOutput, Net, Predicate, Task, Timer, Trigger, Variable,
};

use crate::{
    data,
    draft::{Draft, Names},
    free,
    random::Random,
    shape::{Construct, Form, Shape},
    structured,
};

/// Subnets of one specification, and how deep they nest when they are made.
const SUBNETS_MAX: usize = 3;
const DEPTH_MAX: usize = 2;

/// What is shared by the nets of a specification.
pub(crate) struct Wardrobe<'s> {
    random: Random,
    shape: &'s Shape,
    names: Names,
    nets: usize,
    /// Finished ones only: a task that stands for one of them makes no recursion.
    pub(crate) subnets: Vec<Net>,
    pub(crate) gateways: Vec<Gateway>,
}

/// What tasks of one net know of it.
struct Place {
    net: String,
    variables: Vec<String>,
    depth: usize,
    /// Tasks with timers so far.
    timed: Vec<String>,
}

impl<'s> Wardrobe<'s> {
    pub(crate) fn new(random: Random, shape: &'s Shape) -> Self {
        let (names, subnets) = (Names::default(), Vec::new());
        let mut wardrobe = Self { random, shape, names, nets: 0, subnets, gateways: Vec::new() };
        wardrobe.gateways = (0..3).map(|number| wardrobe.gateway(number)).collect();
        wardrobe
    }

    /// The first gateway takes and gives `n`, so that loops can be left; the others as it comes.
    fn gateway(&mut self, number: usize) -> Gateway {
        let mut head = Head { id: format!("W{}", number + 1), ..Head::default() };
        let mut names = vec!["n"];
        if self.shape.has(Construct::Data) && number > 0 {
            names.extend(data::RICH);
        }
        for (ordering, name) in (0..).zip(names) {
            let parameter = Variable { ordering, ..data::variable(name) };
            let side = if number == 0 { 0 } else { self.random.below(4) };
            if side <= 1 {
                head.inputs.push(parameter.clone());
            }
            if side == 0 || side == 2 {
                head.outputs.push(self.output(parameter));
            }
        }
        let is_automated = number > 0 && self.random.one_in(4);
        head.interaction = if is_automated { Interaction::Automated } else { Interaction::Manual };
        let shows = self.shape.has(Construct::Data) && self.random.one_in(3);
        let enablement = if shows { vec![data::variable("n")] } else { Vec::new() };
        Gateway { head, enablement, ..Gateway::default() }
    }

    /// An item that is skipped needs a default for a result that is no built-in type.
    fn output(&mut self, mut parameter: Variable) -> Variable {
        if parameter.name == "list" {
            parameter.default_value = Some("<n>1</n>".to_owned());
        }
        parameter
    }

    /// A whole net with about `budget` tasks, and the subnets that its tasks stand for.
    pub(crate) fn net(&mut self, id: &str, budget: usize, depth: usize) -> Net {
        let mut draft = Draft::new(id, &mut self.random, &mut self.names);
        match self.shape.form {
            Form::Structured => structured::draw(&mut draft, self.shape, budget),
            Form::Free => free::draw(&mut draft, self.shape, budget),
        }
        let mut net = draft.finish();
        let Draft { work, tails, .. } = draft;
        self.variables(&mut net, depth);
        let variables = net.head.inputs.iter().chain(&net.locals);
        let variables = variables.map(|variable| variable.name.clone());
        let variables = variables.filter(|name| name != data::TIMER).collect();
        let mut place = Place { net: id.to_owned(), variables, depth, timed: Vec::new() };
        let arriving = arriving(&net);
        for task in &mut net.tasks {
            self.work(task, work.contains(&task.id), &mut place);
            self.loosen(task, arriving.get(&task.id).copied().unwrap_or_default());
        }
        for task in &mut net.tasks {
            self.predicates(task, tails.contains(&task.id), &place);
        }
        net
    }

    fn variables(&mut self, net: &mut Net, depth: usize) {
        let mut names = vec!["n"];
        if self.shape.has(Construct::Data) {
            names.extend(data::RICH);
        }
        for (ordering, name) in (0..).zip(names) {
            let is_parameter = name == "n" || self.random.one_in(2);
            if depth > 0 && is_parameter {
                net.head.inputs.push(Variable { ordering, ..data::variable(name) });
                net.head.outputs.push(Variable { ordering, ..data::variable(name) });
                continue;
            }
            net.locals.push(Variable { ordering, ..data::valued(name, &mut self.random) });
            if is_parameter {
                net.head.outputs.push(Variable { ordering, ..data::variable(name) });
            }
        }
        if self.shape.has(Construct::Timer) {
            let timer = data::valued(data::TIMER, &mut self.random);
            net.locals.push(Variable { ordering: 9, ..timer });
        }
    }

    /// Decides what `task` stands for.
    fn work(&mut self, task: &mut Task, must_be_work: bool, place: &mut Place) {
        let may = |construct| self.shape.has(construct) && !must_be_work;
        let (may_be_empty, may_be_net) = (may(Construct::Empty), may(Construct::Composite));
        if may_be_empty && self.random.one_in(6) {
            return;
        }
        let subnet = if may_be_net && self.random.one_in(6) { self.subnet(place) } else { None };
        let is_net = subnet.is_some();
        let head = match subnet {
            Some(head) => head,
            None if must_be_work => self.gateways[0].head.clone(),
            None => self.random.pick(&self.gateways).head.clone(),
        };
        task.decomposes_to = Some(head.id.clone());
        let has_n = |side: &[Variable]| side.iter().any(|variable| variable.name == "n");
        let may_repeat = self.shape.has(Construct::Instances);
        let is_repeated =
            may_repeat && has_n(&head.inputs) && has_n(&head.outputs) && self.random.one_in(6);
        self.mappings(task, &head, (place, is_repeated));
        if is_repeated {
            task.multi_instance = Some(self.instances(&head, place));
        }
        if !is_net && self.shape.has(Construct::Timer) && self.random.one_in(5) {
            task.timer = Some(self.timer());
            place.timed.push(task.id.clone());
        }
        self.enablement(task, place);
    }

    fn subnet(&mut self, place: &Place) -> Option<Head> {
        if !self.subnets.is_empty() && self.random.one_in(3) {
            return Some(self.random.pick(&self.subnets).head.clone());
        }
        if place.depth >= DEPTH_MAX || self.nets >= SUBNETS_MAX {
            return None;
        }
        self.nets += 1;
        let id = format!("N{}", self.nets);
        let net = self.net(&id, self.shape.tasks.div_ceil(3), place.depth + 1);
        let head = net.head.clone();
        self.subnets.push(net);
        Some(head)
    }

    fn mappings(&mut self, task: &mut Task, head: &Head, (place, is_repeated): (&Place, bool)) {
        for input in head.inputs.iter().filter(|input| !(is_repeated && input.name == "n")) {
            let query = data::input_query(&place.net, &input.name, &mut self.random);
            task.starting.push(Mapping { query, maps_to: input.name.clone() });
        }
        for output in head.outputs.iter().filter(|output| !(is_repeated && output.name == "n")) {
            let query = data::plain_query(&head.id, &output.name);
            task.completed.push(Mapping { query, maps_to: output.name.clone() });
        }
    }

    /// One to seven instances, as `n` says; free nets may allow fewer, so that the start is refused.
    fn instances(&mut self, head: &Head, place: &Place) -> MultiInstance {
        let (net, id) = (&place.net, &head.id);
        let is_tight = self.shape.form == Form::Free && self.random.one_in(4);
        let threshold = match self.random.below(3) {
            0 => format!("/{net}/n"),
            1 => "9".to_owned(),
            _ => (1 + self.random.below(3)).to_string(),
        };
        MultiInstance {
            minimum: "1".to_owned(),
            maximum: if is_tight { "2" } else { "9" }.to_owned(),
            threshold,
            creation: [Creation::Static, Creation::Dynamic][self.random.below(2)],
            input: MultiInstanceInput {
                query: format!("<all>{{for $x in 0 to /{net}/n return <n>{{$x}}</n>}}</all>"),
                splitting: "for $x in /all/n return $x".to_owned(),
                formal_parameter: "n".to_owned(),
            },
            output: Some(MultiInstanceOutput {
                formal_query: data::plain_query(id, "n"),
                joining: format!("<n>{{sum(/{id}/n) mod 7}}</n>"),
                variable: "n".to_owned(),
            }),
        }
    }

    fn timer(&mut self) -> Timer {
        let trigger = [Trigger::OnEnabled, Trigger::OnExecuting][self.random.below(2)];
        let expiry = match self.random.below(4) {
            0 => return Timer::Variable(data::TIMER.to_owned()),
            1 => Expiry::Duration("P1D".to_owned()),
            2 => Expiry::Ticks { count: 90, interval: Interval::Minute },
            _ => Expiry::Duration("PT1H".to_owned()),
        };
        Timer::Set { trigger, expiry, work_days: false }
    }

    fn enablement(&mut self, task: &mut Task, place: &Place) {
        let id = task.decomposes_to.as_deref();
        let gateway = self.gateways.iter().find(|gateway| Some(&*gateway.head.id) == id);
        for parameter in gateway.into_iter().flat_map(|gateway| &gateway.enablement) {
            let query = data::plain_query(&place.net, &parameter.name);
            task.enablement.push(Mapping { query, maps_to: parameter.name.clone() });
        }
    }

    /// Where one flow arrives or leaves, any gate means the same.
    fn loosen(&mut self, task: &mut Task, arriving: usize) {
        let known = if self.shape.has(Construct::OrGate) { 3 } else { 2 };
        let gates = &[Gate::And, Gate::Xor, Gate::Or][..known];
        if arriving == 1 {
            task.join = *self.random.pick(gates);
        }
        if task.flows.len() == 1 {
            task.split = *self.random.pick(gates);
        }
    }

    /// XOR: all flows but the default have a predicate and an order. OR: all have a predicate.
    fn predicates(&mut self, task: &mut Task, is_tail: bool, place: &Place) {
        let (split, last) = (task.split, task.flows.len() - 1);
        if split == Gate::And {
            return;
        }
        let default = if is_tail { last } else { self.random.below(task.flows.len()) };
        for (number, flow) in task.flows.iter_mut().enumerate() {
            flow.is_default = number == default;
            if split == Gate::Xor && flow.is_default {
                continue;
            }
            let names = if is_tail { &place.variables[..1] } else { &place.variables[..] };
            let query = match place.timed.is_empty() || is_tail || !self.random.one_in(5) {
                true => data::predicate(&place.net, names, &mut self.random),
                false => self.timer_predicate(place),
            };
            let ordering = (split == Gate::Xor).then(|| i64::try_from(number).unwrap_or_default());
            flow.predicate = Some(Predicate { query, ordering });
        }
    }

    fn timer_predicate(&mut self, place: &Place) -> String {
        let state = self.random.pick(&["dormant", "active", "closed", "expired"]);
        let task = self.random.pick(&place.timed);
        format!("timer({task}) = '{state}'")
    }
}

/// How many flows arrive at each element.
fn arriving(net: &Net) -> BTreeMap<String, usize> {
    let from_tasks = net.tasks.iter().flat_map(|task| &task.flows);
    let from_conditions = net.conditions.iter().flat_map(|condition| &condition.flows);
    let mut arriving = BTreeMap::new();
    for flow in from_tasks.chain(from_conditions) {
        *arriving.entry(flow.target.clone()).or_default() += 1;
    }
    arriving
}
