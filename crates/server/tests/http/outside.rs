//! Rich specifications worked from outside: a client that has nothing but the REST interface and the
//! document takes every case from launch to end.

use std::path::PathBuf;

use engine::Program;
use serde_json::{Value, json};

use crate::site::Site;

/// Made-up results that the client tries before it completes an item by force: a result that is valid for the
/// task may still write what its net does not take.
const ANSWERS_MAX: u32 = 20;
/// More rounds of looking at all work than any case here needs.
const ROUNDS_MAX: usize = 500;

#[test]
fn every_insurance_claim_is_worked_to_its_end() {
    work_to_the_end(include_str!("../../../../examples/insurance_claim.yawl"), 20);
}

/// The YAWL Foundation's example is not ours to copy: it is read from `FLOTILLA_SHARED`, or beside the checkout.
#[test]
fn every_order_is_worked_to_its_end() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared =
        std::env::var_os("FLOTILLA_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = shared.join("conformance/yawl/orderfulfillment.yawl");
    match std::fs::read_to_string(&path) {
        Ok(document) => work_to_the_end(&document, 10),
        Err(error) => eprintln!("skipped: {}: {error}; set FLOTILLA_SHARED", path.display()),
    }
}

fn work_to_the_end(document: &str, cases: usize) {
    let site = Site::new();
    let uploaded = site.ask("POST", "/api/v1/specifications", Some(("application/xml", document)));
    assert_eq!(uploaded.status, 201, "{}", uploaded.body);
    let key = uploaded.json()["specifications"][0]["key"].clone();
    let launches = vec![json!({ "specification": key }); cases];
    let launched =
        site.post("/api/v1/cases/batch", &json!({ "launches": launches }).to_string()).json();
    for result in launched["results"].as_array().unwrap() {
        assert_eq!(result["status"], "running", "{result}");
    }
    let set = model::read(document).unwrap();
    let mut client =
        Client { site, program: Program::compile(&set.specifications[0]).unwrap(), chosen: 0 };
    let rounds = (0..ROUNDS_MAX).take_while(|_| client.work_on_all() > 0).count();
    assert!(rounds < ROUNDS_MAX, "there is still work");
    let ended = client.site.get("/api/v1/cases?limit=1000").json();
    for case in ended["items"].as_array().unwrap() {
        if case["status"] != "completed" || case["incidents"] != 0 {
            let id = case["case"].as_str().unwrap();
            panic!("{}", client.site.get(&format!("/api/v1/cases/{id}")).body);
        }
    }
    assert_eq!(ended["items"].as_array().unwrap().len(), cases);
}

struct Client {
    site: Site,
    program: Program,
    chosen: u32,
}

impl Client {
    /// Works on everything that waits; gives how much that was.
    fn work_on_all(&mut self) -> usize {
        let mut items = Vec::new();
        for status in ["Enabled", "Fired"] {
            let page =
                self.site.get(&format!("/api/v1/work-items?limit=1000&status={status}")).json();
            items.extend(page["items"].as_array().unwrap().iter().cloned());
        }
        // An item with a timer is somebody's deadline: it is let pass only when nothing else is left to do.
        if items.iter().any(|item| item["timer_due_at"].is_null()) {
            items.retain(|item| item["timer_due_at"].is_null());
        }
        items.iter().for_each(|item| self.work_on(item));
        items.len()
    }

    fn work_on(&mut self, item: &Value) {
        let path = |item: &Value, what: &str| {
            let id = wire::segment::encode(item["item"].as_str().unwrap());
            format!("/api/v1/work-items/{id}/{what}")
        };
        let checked_out = self.site.ask("POST", &path(item, "checkout"), None);
        if checked_out.status != 200 {
            // Gone with a choice that was made, or with a cancelled region, since the list was read.
            assert!(matches!(checked_out.status, 404 | 409), "{item}: {}", checked_out.body);
            return;
        }
        let checked_out = checked_out.json();
        for _ in 0..ANSWERS_MAX {
            let body = json!({ "data": self.answer(item) }).to_string();
            let checked_in = self.site.post(&path(&checked_out, "checkin"), &body);
            if checked_in.status == 200 {
                return;
            }
            assert_eq!(checked_in.status, 422, "{item}: {}", checked_in.body);
        }
        let forced = self.site.ask("POST", &path(&checked_out, "force"), None);
        assert_eq!(forced.status, 200, "{item}: {}", forced.body);
    }

    fn answer(&mut self, item: &Value) -> String {
        let net = self.program.nets.iter().find(|net| item["net"] == net.id.as_str()).unwrap();
        let task = net.task(net.task_index(item["task"].as_str().unwrap()).unwrap());
        let chosen = &mut self.chosen;
        self.program.sample_output(task, &mut |below| {
            *chosen = chosen.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            (*chosen >> 8) % below.max(1)
        })
    }
}
