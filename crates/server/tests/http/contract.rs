//! Every route once and more, with what it answers.

use std::io::{BufRead, BufReader, Write};

use expect_test::expect;
use serde_json::json;

use server::config::Policy;

use crate::site::{FOUR_TASKS, HELLO, Site, connect};

#[test]
fn a_case_goes_from_launch_to_end() {
    let site = Site::with_examples();
    site.check(
        r#"GET /api/v1/specifications
           POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0"}
           GET /api/v1/cases
           GET /api/v1/work-items?status=Enabled
           GET /api/v1/work-items/1%3AAnswer
           POST /api/v1/work-items/1%3AAnswer/checkout
           POST /api/v1/work-items/1%3AAnswer/checkout
           GET /api/v1/cases/1
           POST /api/v1/work-items/1.1%3AAnswer/checkin {"data":"<Answer><Wrong/></Answer>"}
           POST /api/v1/work-items/1.1%3AAnswer/checkin {"data":"<Answer><Reply>42</Reply></Answer>"}
           GET /api/v1/cases/1
           GET /api/v1/cases/1/history?limit=1
           GET /api/v1/cases?status=completed
           GET /api/v1/work-items"#,
        expect![[r#"
            GET /api/v1/specifications
              200 {"items":[{"cases_running":0,"documentation":"A sequence of four tasks that hand typed data on: the case that the benchmarks count.","identifier":"UID_flotilla_four_tasks","key":"UID_flotilla_four_tasks:1.0","name":"Four tasks","nets":["Delivery"],"root_net":"Delivery","uploaded_at":"T","uri":"four_tasks","version":"1.0"},{"cases_running":0,"documentation":"One task: an agent answers a question.","identifier":"UID_flotilla_hello","key":"UID_flotilla_hello:1.0","name":"Hello","nets":["Hello"],"root_net":"Hello","uploaded_at":"T","uri":"hello","version":"1.0"}]}
            POST /api/v1/cases
              201 {"case":"1","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"}
            GET /api/v1/cases
              200 {"items":[{"case":"1","ended_at":null,"incidents":0,"launched_at":"T","open_items":1,"specification":"UID_flotilla_hello:1.0","status":"running"}],"next":null}
            GET /api/v1/work-items?status=Enabled
              200 {"items":[{"capability":"answer","case":"1","completed_at":null,"data":null,"enabled_at":"T","group":null,"item":"1:Answer","lease":null,"net":"Hello","output":null,"specification":"UID_flotilla_hello:1.0","started_at":null,"status":"Enabled","task":"Answer","task_name":"Answer","timer_due_at":null}],"next":null}
            GET /api/v1/work-items/1%3AAnswer
              200 {"capability":"answer","case":"1","completed_at":null,"data":null,"enabled_at":"T","group":null,"item":"1:Answer","lease":null,"net":"Hello","output":null,"specification":"UID_flotilla_hello:1.0","started_at":null,"status":"Enabled","task":"Answer","task_name":"Answer","timer_due_at":null}
            POST /api/v1/work-items/1%3AAnswer/checkout
              200 {"data":"<Answer><Question>What is the answer?</Question></Answer>","item":"1.1:Answer"}
            POST /api/v1/work-items/1%3AAnswer/checkout
              409 {"code":"wrong-status","detail":"work item 1:Answer is Is parent, which does not permit to start it","status":409,"title":"The work item's status does not permit this","type":"urn:flotilla:problem:wrong-status"}
            GET /api/v1/cases/1
              200 {"case":"1","data":{"1":"<Hello><Question>What is the answer?</Question><Reply/></Hello>"},"ended_at":null,"incidents":[],"items":[{"capability":"answer","case":"1","completed_at":null,"data":"<Answer><Question>What is the answer?</Question></Answer>","enabled_at":"T","group":null,"item":"1.1:Answer","lease":null,"net":"Hello","output":null,"specification":"UID_flotilla_hello:1.0","started_at":"T","status":"Executing","task":"Answer","task_name":"Answer","timer_due_at":null},{"capability":"answer","case":"1","completed_at":null,"data":null,"enabled_at":"T","group":null,"item":"1:Answer","lease":null,"net":"Hello","output":null,"specification":"UID_flotilla_hello:1.0","started_at":null,"status":"Is parent","task":"Answer","task_name":"Answer","timer_due_at":null}],"launched_at":"T","leftover":{},"marking":{"1/Answer":{"active":1,"complete":0,"entered":0,"executing":1}},"open_items":1,"output":null,"specification":"UID_flotilla_hello:1.0","status":"running","traceparent":null}
            POST /api/v1/work-items/1.1%3AAnswer/checkin
              422 {"code":"data-invalid","detail":"data is not valid for output of task Answer: 1 violation(s), first /Answer/Wrong: the element is not allowed here: Reply is expected","status":422,"title":"The data breaks its types","type":"urn:flotilla:problem:data-invalid","violations":[{"message":"the element is not allowed here: Reply is expected","path":"/Answer/Wrong","rule":"cvc-complex-type.2.4","value":""}]}
            POST /api/v1/work-items/1.1%3AAnswer/checkin
              200 {"item":"1.1:Answer"}
            GET /api/v1/cases/1
              200 {"case":"1","data":{"1":"<Hello><Question>What is the answer?</Question><Reply>42</Reply></Hello>"},"ended_at":"T","incidents":[],"items":[],"launched_at":"T","leftover":{},"marking":{},"open_items":0,"output":"<Hello><Reply>42</Reply></Hello>","specification":"UID_flotilla_hello:1.0","status":"completed","traceparent":null}
            GET /api/v1/cases/1/history?limit=1
              200 {"items":[{"at":"T","detail":"1","event":"launched","position":0},{"at":"T","detail":"1 net=Hello data=<Hello><Question>What is the answer?</Question><Reply/></Hello>","event":"net-started","position":0},{"at":"T","detail":"1:Answer","event":"enabled","position":0}],"next":"0"}
            GET /api/v1/cases?status=completed
              200 {"items":[{"case":"1","ended_at":"T","incidents":0,"launched_at":"T","open_items":0,"specification":"UID_flotilla_hello:1.0","status":"completed"}],"next":null}
            GET /api/v1/work-items
              200 {"items":[],"next":null}
        "#]],
    );
}

#[test]
fn the_same_command_id_counts_once() {
    let site = Site::with_examples();
    site.check(
        r#"POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0","command_id":"a"}
           POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0","command_id":"a"}
           POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0","command_id":"b"}
           POST /api/v1/work-items/1%3AAnswer/checkout
           POST /api/v1/work-items/1.1%3AAnswer/checkin {"data":"<Answer><Reply>1</Reply></Answer>","command_id":"c"}
           POST /api/v1/work-items/1.1%3AAnswer/checkin {"data":"<Answer><Reply>1</Reply></Answer>","command_id":"c"}
           POST /api/v1/work-items/1.1%3AAnswer/checkin {"data":"<Answer><Reply>1</Reply></Answer>","command_id":"d"}
           POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0","command_id":"with space"}"#,
        expect![[r#"
            POST /api/v1/cases
              201 {"case":"1","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"}
            POST /api/v1/cases
              201 {"case":"1","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"}
            POST /api/v1/cases
              201 {"case":"2","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"}
            POST /api/v1/work-items/1%3AAnswer/checkout
              200 {"data":"<Answer><Question>What is the answer?</Question></Answer>","item":"1.1:Answer"}
            POST /api/v1/work-items/1.1%3AAnswer/checkin
              200 {"item":"1.1:Answer"}
            POST /api/v1/work-items/1.1%3AAnswer/checkin
              200 {"item":"1.1:Answer"}
            POST /api/v1/work-items/1.1%3AAnswer/checkin
              409 {"code":"case-not-running","detail":"the case is completed","status":409,"title":"The case does not run","type":"urn:flotilla:problem:case-not-running"}
            POST /api/v1/cases
              400 {"code":"not-a-command-id","detail":"\"with space\" is no command id: use 1 to 128 visible ASCII characters, such as a UUID","status":400,"title":"The text is no command id","type":"urn:flotilla:problem:not-a-command-id"}
        "#]],
    );
}

#[test]
fn an_item_is_suspended_rolled_back_skipped_forced_and_failed() {
    let site = Site::with_examples();
    site.check(
        r#"POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0","case":"a"}
           POST /api/v1/work-items/a%3AAnswer/suspend
           POST /api/v1/work-items/a%3AAnswer/checkout
           POST /api/v1/work-items/a%3AAnswer/unsuspend
           POST /api/v1/work-items/a%3AAnswer/checkout
           POST /api/v1/work-items/a.1%3AAnswer/rollback
           POST /api/v1/work-items/a.1%3AAnswer/checkout
           POST /api/v1/work-items/a.1%3AAnswer/instances {"data":"<x/>"}
           POST /api/v1/work-items/a.1%3AAnswer/force
           POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0","case":"b"}
           POST /api/v1/work-items/b%3AAnswer/checkout
           POST /api/v1/work-items/b.1%3AAnswer/fail {"data":"<Answer><Reply>no</Reply></Answer>"}
           POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0","case":"c"}
           POST /api/v1/work-items/c%3AAnswer/skip
           GET /api/v1/cases"#,
        expect![[r#"
            POST /api/v1/cases
              201 {"case":"a","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"}
            POST /api/v1/work-items/a%3AAnswer/suspend
              200 {"item":"a:Answer"}
            POST /api/v1/work-items/a%3AAnswer/checkout
              409 {"code":"wrong-status","detail":"work item a:Answer is Suspended, which does not permit to start it","status":409,"title":"The work item's status does not permit this","type":"urn:flotilla:problem:wrong-status"}
            POST /api/v1/work-items/a%3AAnswer/unsuspend
              200 {"item":"a:Answer"}
            POST /api/v1/work-items/a%3AAnswer/checkout
              200 {"data":"<Answer><Question>What is the answer?</Question></Answer>","item":"a.1:Answer"}
            POST /api/v1/work-items/a.1%3AAnswer/rollback
              200 {"item":"a.1:Answer"}
            POST /api/v1/work-items/a.1%3AAnswer/checkout
              200 {"data":"<Answer><Question>What is the answer?</Question></Answer>","item":"a.1:Answer"}
            POST /api/v1/work-items/a.1%3AAnswer/instances
              409 {"code":"no-new-instance","detail":"work item a.1:Answer does not allow a new instance: its task does not create instances dynamically","status":409,"title":"The task takes no further instance","type":"urn:flotilla:problem:no-new-instance"}
            POST /api/v1/work-items/a.1%3AAnswer/force
              200 {"item":"a.1:Answer"}
            POST /api/v1/cases
              201 {"case":"b","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"}
            POST /api/v1/work-items/b%3AAnswer/checkout
              200 {"data":"<Answer><Question>What is the answer?</Question></Answer>","item":"b.1:Answer"}
            POST /api/v1/work-items/b.1%3AAnswer/fail
              200 {"item":"b.1:Answer"}
            POST /api/v1/cases
              201 {"case":"c","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"}
            POST /api/v1/work-items/c%3AAnswer/skip
              200 {"item":"c:Answer"}
            GET /api/v1/cases
              200 {"items":[{"case":"a","ended_at":"T","incidents":0,"launched_at":"T","open_items":0,"specification":"UID_flotilla_hello:1.0","status":"completed"},{"case":"b","ended_at":"T","incidents":0,"launched_at":"T","open_items":0,"specification":"UID_flotilla_hello:1.0","status":"completed"},{"case":"c","ended_at":"T","incidents":0,"launched_at":"T","open_items":0,"specification":"UID_flotilla_hello:1.0","status":"completed"}],"next":null}
        "#]],
    );
}

#[test]
fn a_case_is_suspended_resumed_and_cancelled() {
    let site = Site::with_examples();
    site.check(
        r#"POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0","start_at":"2999-01-01T00:00:00Z"}
           POST /api/v1/cases {"specification":"UID_flotilla_hello:1.0"}
           POST /api/v1/cases/2/suspend
           GET /api/v1/cases?status=suspended
           POST /api/v1/cases/2/resume
           POST /api/v1/cases/2/cancel
           POST /api/v1/cases/2/cancel
           GET /api/v1/cases?limit=1
           GET /api/v1/cases?limit=1&after=1
           DELETE /api/v1/specifications/UID_flotilla_hello%3A1.0
           POST /api/v1/cases/1/cancel
           DELETE /api/v1/specifications/UID_flotilla_hello%3A1.0
           GET /api/v1/specifications/UID_flotilla_hello%3A1.0"#,
        expect![[r#"
            POST /api/v1/cases
              201 {"case":"1","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"scheduled"}
            POST /api/v1/cases
              201 {"case":"2","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"}
            POST /api/v1/cases/2/suspend
              200 {"case":"2"}
            GET /api/v1/cases?status=suspended
              200 {"items":[{"case":"2","ended_at":null,"incidents":0,"launched_at":"T","open_items":1,"specification":"UID_flotilla_hello:1.0","status":"suspended"}],"next":null}
            POST /api/v1/cases/2/resume
              200 {"case":"2"}
            POST /api/v1/cases/2/cancel
              200 {"case":"2"}
            POST /api/v1/cases/2/cancel
              409 {"code":"case-not-running","detail":"the case is cancelled","status":409,"title":"The case does not run","type":"urn:flotilla:problem:case-not-running"}
            GET /api/v1/cases?limit=1
              200 {"items":[{"case":"1","ended_at":null,"incidents":0,"launched_at":"T","open_items":0,"specification":"UID_flotilla_hello:1.0","status":"scheduled"}],"next":"1"}
            GET /api/v1/cases?limit=1&after=1
              200 {"items":[{"case":"2","ended_at":"T","incidents":0,"launched_at":"T","open_items":0,"specification":"UID_flotilla_hello:1.0","status":"cancelled"}],"next":null}
            DELETE /api/v1/specifications/UID_flotilla_hello%3A1.0
              409 {"code":"specification-in-use","detail":"1 case(s) of specification UID_flotilla_hello:1.0 are open; let them end or cancel them first","status":409,"title":"Cases of the specification are open","type":"urn:flotilla:problem:specification-in-use"}
            POST /api/v1/cases/1/cancel
              200 {"case":"1"}
            DELETE /api/v1/specifications/UID_flotilla_hello%3A1.0
              204 
            GET /api/v1/specifications/UID_flotilla_hello%3A1.0
              404 {"code":"no-such-specification","detail":"no specification UID_flotilla_hello:1.0 is loaded; GET /api/v1/specifications lists all keys","status":404,"title":"No such specification","type":"urn:flotilla:problem:no-such-specification"}
        "#]],
    );
}

#[test]
fn many_are_launched_checked_out_and_checked_in_at_once() {
    let site = Site::with_examples();
    site.check(
        r#"POST /api/v1/cases/batch {"launches":[{"specification":"UID_flotilla_hello:1.0"},{"specification":"none:1.0"},{"specification":"UID_flotilla_hello:1.0","command_id":""},{"specification":"UID_flotilla_hello:1.0"}]}
           POST /api/v1/work-items/checkout {"items":["1:Answer","2:Answer","3:Answer","nonsense"]}
           POST /api/v1/work-items/checkin {"results":[{"item":"2.1:Answer","data":"<Answer><Reply>2</Reply></Answer>"},{"item":"1.1:Answer","data":"no xml"}]}
           GET /api/v1/cases"#,
        expect![[r#"
            POST /api/v1/cases/batch
              200 {"results":[{"case":"1","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"},{"problem":{"code":"no-such-specification","detail":"no specification none:1.0 is loaded; GET /api/v1/specifications lists all keys","status":404,"title":"No such specification","type":"urn:flotilla:problem:no-such-specification"}},{"problem":{"code":"not-a-command-id","detail":"\"\" is no command id: use 1 to 128 visible ASCII characters, such as a UUID","status":400,"title":"The text is no command id","type":"urn:flotilla:problem:not-a-command-id"}},{"case":"2","launched_at":"T","specification":"UID_flotilla_hello:1.0","status":"running"}]}
            POST /api/v1/work-items/checkout
              200 {"results":[{"data":"<Answer><Question>What is the answer?</Question></Answer>","item":"1.1:Answer"},{"data":"<Answer><Question>What is the answer?</Question></Answer>","item":"2.1:Answer"},{"problem":{"code":"no-such-case","detail":"no case 3","status":404,"title":"No such case","type":"urn:flotilla:problem:no-such-case"}},{"problem":{"code":"no-such-item","detail":"no work item nonsense","status":404,"title":"No such work item","type":"urn:flotilla:problem:no-such-item"}}]}
            POST /api/v1/work-items/checkin
              200 {"results":[{"item":"2.1:Answer"},{"problem":{"code":"not-xml","detail":"data is not XML: not well-formed at 1:1: unknown token at 1:1","status":422,"title":"The data is not XML","type":"urn:flotilla:problem:not-xml"}}]}
            GET /api/v1/cases
              200 {"items":[{"case":"1","ended_at":null,"incidents":0,"launched_at":"T","open_items":1,"specification":"UID_flotilla_hello:1.0","status":"running"},{"case":"2","ended_at":"T","incidents":0,"launched_at":"T","open_items":0,"specification":"UID_flotilla_hello:1.0","status":"completed"}],"next":null}
        "#]],
    );
}

#[test]
fn a_running_task_gets_one_more_instance() {
    let site = Site::new();
    let document = include_str!("../../testdata/instances.yawl");
    let uploaded = site.ask("POST", "/api/v1/specifications", Some(("application/xml", document)));
    let key = uploaded.json()["specifications"][0]["key"].as_str().unwrap().to_owned();
    site.check(
        &format!(
            r#"POST /api/v1/cases {{"specification":"{key}","case":"C"}}
               POST /api/v1/work-items/C%3ATs/checkout
               POST /api/v1/work-items/C.1%3ATs/instances {{"data":"<item>18</item>"}}
               POST /api/v1/work-items/C.4%3ATs/checkout"#
        ),
        expect![[r#"
            POST /api/v1/cases
              201 {"case":"C","launched_at":"T","specification":"UID_multi14:0.1","status":"running"}
            POST /api/v1/work-items/C%3ATs/checkout
              200 {"data":"<G1><item>7</item></G1>","item":"C.1:Ts"}
            POST /api/v1/work-items/C.1%3ATs/instances
              201 {"item":"C.4:Ts"}
            POST /api/v1/work-items/C.4%3ATs/checkout
              200 {"data":"<G1><item>18</item></G1>","item":"C.4:Ts"}
        "#]],
    );
    let case = site.get("/api/v1/cases/C").json();
    let busy = json!({ "active": 4, "entered": 2, "executing": 2, "complete": 0 });
    assert_eq!(case["marking"]["C/Ts"], busy);
}

#[test]
fn a_deadlocked_case_ends_and_shows_the_tokens_that_are_left() {
    let site = Site::new();
    let document = include_str!("../../testdata/deadlock.yawl");
    site.ask("POST", "/api/v1/specifications", Some(("application/xml", document)));
    site.check(
        r#"POST /api/v1/cases {"specification":"UID_deadlock:1.0","case":"C"}
           POST /api/v1/work-items/C%3AChoose/checkout
           POST /api/v1/work-items/C.1%3AChoose/checkin {"data":"<G/>"}
           GET /api/v1/cases/C
           POST /api/v1/cases/C/cancel"#,
        expect![[r#"
            POST /api/v1/cases
              201 {"case":"C","launched_at":"T","specification":"UID_deadlock:1.0","status":"running"}
            POST /api/v1/work-items/C%3AChoose/checkout
              200 {"data":"<G></G>","item":"C.1:Choose"}
            POST /api/v1/work-items/C.1%3AChoose/checkin
              200 {"item":"C.1:Choose"}
            GET /api/v1/cases/C
              200 {"case":"C","data":{"C":"<N></N>"},"ended_at":"T","incidents":[],"items":[],"launched_at":"T","leftover":{"C/left":{"tokens":1}},"marking":{},"open_items":0,"output":null,"specification":"UID_deadlock:1.0","status":"deadlocked","traceparent":null}
            POST /api/v1/cases/C/cancel
              409 {"code":"case-not-running","detail":"the case is deadlocked","status":409,"title":"The case does not run","type":"urn:flotilla:problem:case-not-running"}
        "#]],
    );
}

#[test]
fn an_or_join_that_waits_names_the_arc_and_the_path() {
    let site = Site::new();
    let document = include_str!("../../../../examples/or_join.yawl");
    site.ask("POST", "/api/v1/specifications", Some(("application/xml", document)));
    site.check(
        r#"POST /api/v1/cases {"specification":"UID_flotilla_or_join:1.0","case":"C"}
           POST /api/v1/work-items/C%3APlan_trip/checkout
           POST /api/v1/work-items/C.1%3APlan_trip/checkin {"data":"<Plan_trip><Flight>true</Flight><Hotel>true</Hotel><Car>false</Car></Plan_trip>"}
           GET /api/v1/cases/C/or-joins
           POST /api/v1/work-items/C%3ABook_hotel/checkout
           POST /api/v1/work-items/C.2%3ABook_hotel/checkin {"data":"<Book_hotel/>"}
           GET /api/v1/cases/C/or-joins
           POST /api/v1/work-items/C%3ABook_flight/checkout
           POST /api/v1/work-items/C.3%3ABook_flight/checkin {"data":"<Book_flight/>"}
           GET /api/v1/cases/C/or-joins
           GET /api/v1/cases/none/or-joins"#,
        expect![[r#"
            POST /api/v1/cases
              201 {"case":"C","launched_at":"T","specification":"UID_flotilla_or_join:1.0","status":"running"}
            POST /api/v1/work-items/C%3APlan_trip/checkout
              200 {"data":"<Plan_trip></Plan_trip>","item":"C.1:Plan_trip"}
            POST /api/v1/work-items/C.1%3APlan_trip/checkin
              200 {"item":"C.1:Plan_trip"}
            GET /api/v1/cases/C/or-joins
              200 {"items":[]}
            POST /api/v1/work-items/C%3ABook_hotel/checkout
              200 {"data":"<Book_hotel></Book_hotel>","item":"C.2:Book_hotel"}
            POST /api/v1/work-items/C.2%3ABook_hotel/checkin
              200 {"item":"C.2:Book_hotel"}
            GET /api/v1/cases/C/or-joins
              200 {"items":[{"answer":"waits","input":"c{Book_flight_Pay}","marked":["c{Book_hotel_Pay}"],"net":"Trip","path":["c{Plan_trip_Book_flight}","Book_flight","c{Book_flight_Pay}"],"running":"C","task":"Pay","unmarked":["c{Book_flight_Pay}","c{Book_car_Pay}"]}]}
            POST /api/v1/work-items/C%3ABook_flight/checkout
              200 {"data":"<Book_flight></Book_flight>","item":"C.3:Book_flight"}
            POST /api/v1/work-items/C.3%3ABook_flight/checkin
              200 {"item":"C.3:Book_flight"}
            GET /api/v1/cases/C/or-joins
              200 {"items":[{"answer":"enabled","marked":["c{Book_flight_Pay}","c{Book_hotel_Pay}"],"net":"Trip","running":"C","task":"Pay","unmarked":["c{Book_car_Pay}"]}]}
            GET /api/v1/cases/none/or-joins
              404 {"code":"no-such-case","detail":"no case none","status":404,"title":"No such case","type":"urn:flotilla:problem:no-such-case"}
        "#]],
    );
}

#[test]
fn specifications_are_uploaded_shown_and_verified() {
    let site = Site::new();
    let upload = |document: &str| {
        let answer = site.ask("POST", "/api/v1/specifications", Some(("text/xml", document)));
        (answer.status, answer.json()["code"].as_str().map(str::to_owned))
    };
    assert_eq!(upload(HELLO), (201, None));
    assert_eq!(upload(HELLO), (201, None), "the same document again");
    let other = HELLO.replace("What is the answer?", "What is the question?");
    assert_eq!(upload(&other), (409, Some("specification-conflict".into())));
    let source = site.get("/api/v1/specifications/UID_flotilla_hello%3A1.0/source");
    assert_eq!((source.status, source.body.as_str()), (200, HELLO));

    let broken = HELLO.replace("nextElementRef id=\"end_Hello\"", "nextElementRef id=\"nowhere\"");
    let refused = site.ask("POST", "/api/v1/specifications", Some(("application/xml", &broken)));
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (422, Some("specification-invalid"))
    );
    assert!(!refused.json()["findings"].as_array().unwrap().is_empty());
    let verify = |document: &str| {
        let answer =
            site.ask("POST", "/api/v1/specifications/verify", Some(("application/xml", document)));
        answer.json()["verdict"].clone()
    };
    assert_eq!(verify(HELLO), json!("valid"));
    assert_eq!(verify(FOUR_TASKS), json!("valid"));
    assert_eq!(verify(&broken), json!("invalid"));
    assert_eq!(verify("<not-yawl/>"), json!("invalid"));
    let unsound = include_str!("../../../../testdata/unsound/livelock_loop_without_way_out.yawl");
    assert_eq!(verify(unsound), json!("valid"));
    let soundness = |document: &str| {
        let body = Some(("application/xml", document));
        site.ask("POST", "/api/v1/specifications/verify", body).json()["soundness"].clone()
    };
    assert_eq!(soundness(HELLO), json!("sound"));
    assert_eq!(soundness(unsound), json!("unsound"));
    assert_eq!(soundness(&broken), json!(null));

    site.check("GET /api/v1/specifications/UID_flotilla_hello%3A1.0", expect![[r#"
        GET /api/v1/specifications/UID_flotilla_hello%3A1.0
          200 {"cases_running":0,"documentation":"One task: an agent answers a question.","findings":[],"identifier":"UID_flotilla_hello","key":"UID_flotilla_hello:1.0","layout":null,"name":"Hello","nets":["Hello"],"nets_detail":[{"conditions":[{"id":"start_Hello","kind":"input","name":null},{"id":"end_Hello","kind":"output","name":null}],"flows":[{"from":"start_Hello","is_default":false,"label":null,"predicate":null,"to":"Answer","tokens":1},{"from":"Answer","is_default":false,"label":null,"predicate":null,"to":"end_Hello","tokens":1}],"id":"Hello","is_root":true,"name":null,"tasks":[{"cancels":[],"decomposes_to":"Answer","id":"Answer","join":"xor","kind":"atomic","multi_instance":false,"name":"Answer","split":"and","timer":false}],"termination":"explicit"}],"root_net":"Hello","soundness":{"nets":[{"findings":[],"net":"Hello","no_dead_tasks":"yes","open":null,"option_to_complete":"yes","outcome":"sound","proper_completion":"yes","states":3,"weakly_sound":"yes"}],"outcome":"sound"},"uploaded_at":"T","uri":"hello","version":"1.0"}
    "#]]);
}

#[test]
fn an_unsound_specification_is_refused_or_told_of_as_the_policy_says() {
    let unsound = include_str!("../../../../testdata/unsound/deadlock_choice_and_join.yawl");
    for (policy, status, rules) in [
        (Policy::Refuse, 422, json!(["sound-deadlock", "sound-dead-task"])),
        (Policy::Warn, 201, json!(["sound-deadlock", "sound-dead-task"])),
        (Policy::Off, 201, json!([])),
    ] {
        let site = Site::with(|config| config.soundness = policy);
        let upload = |document: &str| {
            site.ask("POST", "/api/v1/specifications", Some(("application/xml", document)))
        };
        assert_eq!(upload(HELLO).status, 201, "{policy:?}: what is sound is taken");
        let answer = upload(unsound);
        assert_eq!(answer.status, status, "{policy:?}: {}", answer.body);
        let answer = answer.json();
        let findings = match policy {
            Policy::Refuse => &answer["findings"],
            Policy::Warn | Policy::Off => &answer["specifications"][0]["findings"],
        };
        let findings = findings.as_array().unwrap();
        let said: Vec<_> = findings.iter().map(|finding| finding["rule"].clone()).collect();
        assert_eq!(json!(said), rules, "{policy:?}");
        assert_eq!(answer["code"] == json!("specification-unsound"), policy == Policy::Refuse);
        let known = site.get("/api/v1/specifications").json()["items"].as_array().unwrap().len();
        assert_eq!(known, if policy == Policy::Refuse { 1 } else { 2 });
    }
}

#[test]
fn the_event_stream_tells_which_case_moved() {
    let site = Site::with_examples();
    let mut stream = connect(site.addresses.public);
    let request = format!("GET /api/v1/events HTTP/1.1\r\nhost: {}\r\n\r\n", site.addresses.public);
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map(|line| line.unwrap());
    // The head stands: from here on nothing is missed.
    assert!(lines.any(|line| line.is_empty()));
    site.post("/api/v1/cases", r#"{"specification":"UID_flotilla_hello:1.0"}"#);
    let data = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
    let change: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!((change["case"].as_str(), change["what"].as_str()), (Some("1"), Some("launched")));
}

#[test]
fn an_open_event_stream_does_not_keep_the_server_from_stopping() {
    let site = Site::new();
    let mut stream = connect(site.addresses.public);
    let request = format!("GET /api/v1/events HTTP/1.1\r\nhost: {}\r\n\r\n", site.addresses.public);
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map(|line| line.unwrap());
    assert!(lines.any(|line| line.is_empty()));
    assert!(site.stop().is_ok());
    assert_eq!(lines.last().as_deref(), Some(""), "the stream has come to its end");
}

#[test]
fn every_described_route_is_served() {
    let site = Site::new();
    let description = site.get("/api/v1/openapi.json").json();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let path = path.replace("{key}", "none").replace("{id}", "none");
            let answer = if path.ends_with("/events") {
                continue;
            } else {
                site.ask(&method.to_uppercase(), &path, None)
            };
            let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
            assert!(
                code != "no-such-route" && code != "method-not-allowed",
                "{method} {path}: {code}"
            );
        }
    }
}
