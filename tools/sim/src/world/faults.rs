//! What goes wrong, when chance says so.

use super::{Happening, World};

/// Longest jump of the wall clock: two days.
const JUMP_MS_MAX: u64 = 2 * 24 * 3_600_000;
/// Cases of a burst.
const BURST: u64 = 40;

impl World {
    pub(super) fn on_fault(&mut self) {
        let Some(mean_ms) = self.plan.fault_every_ms.filter(|_| !self.calm) else { return };
        let next_ms = self.chance.between(1, 2 * mean_ms);
        self.schedule.after(next_ms, Happening::Fault);
        match self.chance.below(100) {
            0..3 => self.crash_node(),
            3..10 => self.crash_at_write = true,
            10..22 => self.pause_node(),
            22..30 => self.jump_wall_clock(),
            30..38 => self.fill_a_partition(),
            38..52 => self.cut_a_client_off(),
            52..64 => self.crash_a_client(),
            64..78 => self.pause_a_client(),
            78..82 => self.drain_a_client(),
            82..84 => self.storm(),
            84..88 => self.start_a_drought(),
            88..92 => (0..BURST).for_each(|_| self.launch()),
            _ => self.meddle(),
        }
    }

    /// From now on everything works and everybody behaves.
    pub(super) fn calm_down(&mut self) {
        (self.calm, self.crash_at_write) = (true, false);
        self.tell(|| "calm: nothing breaks any more".to_owned());
        let now = self.schedule.now();
        for client in &mut self.clients {
            (client.cut_until, client.paused_until) = (now, client.paused_until.min(now));
        }
        for number in 0..self.clients.len() {
            self.schedule.after(60_000, Happening::Comes(number));
        }
        self.schedule.after(30_000, Happening::NodeStarts);
    }

    pub(super) fn crash_node(&mut self) {
        if self.node.process.is_none() {
            return;
        }
        let down_ms = self.chance.spread(100, 300_000);
        self.tell(|| format!("the node crashes, for {down_ms} ms"));
        self.ledger.count("node crashes");
        self.node.crash(&mut self.ledger, &mut self.chance);
        self.schedule.after(down_ms, Happening::NodeStarts);
    }

    fn pause_node(&mut self) {
        let pause_ms = self.chance.spread(50, 200_000);
        let Some(process) = &mut self.node.process else { return };
        process.paused_until = process.paused_until.max(self.schedule.now() + pause_ms);
        self.ledger.count("node pauses");
        self.tell(|| format!("the node pauses for {pause_ms} ms"));
    }

    /// Backwards as often as forwards.
    fn jump_wall_clock(&mut self) {
        let by_ms = i64::try_from(self.chance.spread(1_000, JUMP_MS_MAX)).unwrap_or(0);
        let by_ms = if self.chance.percent(50) { by_ms } else { -by_ms };
        self.node.wall_ahead_ms += by_ms;
        self.ledger.count("jumps of the wall clock");
        self.tell(|| format!("the wall clock jumps by {by_ms} ms"));
    }

    fn fill_a_partition(&mut self) {
        let full_ms = self.chance.spread(500, 30_000);
        let (number, now) = (self.chance.place(self.plan.partitions), self.schedule.now());
        let Some(process) = &mut self.node.process else { return };
        process.partitions[number].full_until = now + full_ms;
        self.ledger.count("full partitions");
        self.tell(|| format!("partition {number} is full for {full_ms} ms"));
    }

    fn cut_a_client_off(&mut self) {
        let cut_ms = self.chance.spread(1_000, 300_000);
        let number = self.chance.place(self.clients.len());
        self.clients[number].cut_until = self.schedule.now() + cut_ms;
        self.ledger.count("clients cut off");
        self.tell(|| format!("client {number} is cut off for {cut_ms} ms"));
    }

    fn crash_a_client(&mut self) {
        let number = self.chance.place(self.clients.len());
        self.ledger.count("client crashes");
        self.end_client(number);
    }

    fn pause_a_client(&mut self) {
        let pause_ms = self.chance.spread(500, 300_000);
        let number = self.chance.place(self.clients.len());
        self.clients[number].paused_until = self.schedule.now() + pause_ms;
        self.ledger.count("client pauses");
        self.tell(|| format!("client {number} pauses for {pause_ms} ms"));
    }

    fn drain_a_client(&mut self) {
        let number = self.chance.place(self.clients.len());
        self.ledger.count("clients drained");
        self.tell(|| format!("client {number} drains"));
        self.with_client(number, |client, around| client.drain(around));
    }

    /// All clients lose their connections at once and begin anew.
    fn storm(&mut self) {
        self.ledger.count("reconnect storms");
        self.tell(|| "all clients lose their connections and begin anew".to_owned());
        for number in 0..self.clients.len() {
            let life = self.clients[number].life;
            self.hang_up_all(number, life);
            self.with_client(number, |client, around| client.begin(around));
        }
    }

    fn start_a_drought(&mut self) {
        let dry_ms = self.chance.spread(60_000, 1_200_000);
        self.drought_until = self.schedule.now() + dry_ms;
        self.ledger.count("droughts");
        self.tell(|| format!("no work comes in for {dry_ms} ms"));
    }
}
