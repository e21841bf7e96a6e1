//! Broken stores: a partition that cannot write stops, and nobody was told what is not durable.

use engine::{CaseId, Event, ItemKey, Path, TaskIndex};
use expect_test::expect;
use store::Fate;

use super::world::{World, config, run};
use crate::{
    Config, Node, Rejected, chain,
    record::{self, CommandRecordRef},
};

/// What is said when the append of `command` ends as `fate`, and what the next start finds.
async fn after(fate: Fate, command: &str) -> String {
    let mut world = World::memory(Config { partitions: 1, ..config() }).await;
    world.tell("upload pair\nlaunch pair:1.0").await;
    world.storage.memory_of(0).unwrap().arrange(fate);
    let mut said = world.tell(command).await;
    said += &world.tell("case 1\nstart 1:A id=c2\nlaunch pair:1.0").await;
    let fault = world.node().failed().await;
    assert_eq!(world.handle().fault(), Some(fault));
    world.crash().await;
    said + "-- after the restart\n" + &world.tell("case 1\nstart 1:A id=c1\ncases").await
}

#[test]
fn a_lost_write_is_told_to_nobody_and_stops_the_partition() {
    let said = run(after(Fate::Lost, "start 1:A id=c1"));
    expect![[r#"
        start 1:A id=c1 => fault: partition 0 has stopped
        case 1 => running | 1/i=1 | 1:A Enabled | <Pair><k>0</k></Pair>
        start 1:A id=c2 => fault: partition 0 has stopped
        launch pair:1.0 => fault: partition 0 has stopped
        -- after the restart
        case 1 => running | 1/i=1 | 1:A Enabled | <Pair><k>0</k></Pair>
        start 1:A id=c1 => started 1.1:A <Work><k>0</k></Work>
        cases => 1 running 1
    "#]]
    .assert_eq(&said);
}

#[test]
fn a_write_that_was_kept_but_not_acknowledged_is_answered_when_it_is_sent_again() {
    let said = run(after(Fate::Kept, "start 1:A id=c1"));
    expect![[r#"
        start 1:A id=c1 => fault: partition 0 has stopped
        case 1 => running | 1/i=1 | 1:A Enabled | <Pair><k>0</k></Pair>
        start 1:A id=c2 => fault: partition 0 has stopped
        launch pair:1.0 => fault: partition 0 has stopped
        -- after the restart
        case 1 => running | 1/A=[1, 0, 1, 0] | 1.1:A Executing 1:A Is parent | <Pair><k>0</k></Pair>
        start 1:A id=c1 => started 1.1:A <Work><k>0</k></Work>
        cases => 1 running 1
    "#]]
    .assert_eq(&said);
}

#[test]
fn the_other_partition_goes_on() {
    run(async {
        let mut world = World::memory(config()).await;
        world.tell("upload pair").await;
        world.storage.memory_of(0).unwrap().arrange(Fate::Lost);
        let launches = (0..100).map(|_| crate::Launch {
            specification: "pair:1.0".to_owned(),
            data: Some("<Pair><k>0</k></Pair>".to_owned()),
            ..crate::Launch::default()
        });
        let answers = world.handle().launch_many(launches.collect()).await;
        let launched = answers.iter().filter(|answer| answer.is_ok()).count();
        let faults =
            answers.iter().filter(|answer| matches!(answer, Err(Rejected::Fault(_)))).count();
        assert!(
            launched > 20 && faults > 20 && launched + faults == 100,
            "{launched} and {faults}"
        );
        world.crash().await;
        assert_eq!(world.node().recovered().cases, launched);
    });
}

#[test]
fn a_catalogue_that_cannot_write_takes_no_more_uploads_and_says_so() {
    let said = run(async {
        let mut world = World::memory(config()).await;
        world.tell("upload pair\nlaunch pair:1.0").await;
        world.storage.memory_of_catalogue().unwrap().arrange(Fate::Lost);
        let mut said = world.tell("upload waiting\nupload waiting\nstart 1:A").await;
        world.node().failed().await;
        world.crash().await;
        said += &world.tell("specifications\nupload waiting").await;
        said
    });
    expect![[r#"
        upload waiting => fault: the catalogue of specifications has stopped
        upload waiting => fault: the catalogue of specifications has stopped
        start 1:A => started 1.1:A <Work><k>0</k></Work>
        specifications => pair:1.0 (1 open)
        upload waiting => waiting:1.0
    "#]]
    .assert_eq(&said);
}

/// A fault with all its causes.
fn in_full(fault: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(fault), |fault| fault.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Appends one command's record to the first partition behind the node's back.
fn append(world: &World, previous: Option<u64>, events: &[Event]) -> u64 {
    let recovery = world.storage.memory_of(0).unwrap().open();
    let mut opened = recovery.into_log().unwrap();
    let record = CommandRecordRef {
        case: &CaseId::parse("1").unwrap(),
        previous,
        specification: None,
        command: None,
        at_ms: 0,
        events,
        leases: &[],
        answer: None,
    };
    let bytes = record::encode(&record, Vec::new());
    opened.log.append(&[store::Record { tag: record::COMMAND, bytes: &bytes }]).unwrap();
    opened.report.next.0
}

#[test]
fn a_record_that_is_not_of_its_specification_stops_the_start_and_is_named() {
    let fault = run(async {
        let mut world = World::memory(Config { partitions: 1, ..config() }).await;
        world.tell("upload pair\nlaunch pair:1.0").await;
        world.stop().await;
        let item = ItemKey { path: Path::root(), task: TaskIndex(4_000_000_000) };
        append(&world, Some(0), &[Event::Enabled { item, group: None, at_ms: 0 }]);
        let started = Node::start_on(world.config.clone(), world.storage.clone()).await;
        in_full(&started.err().unwrap())
    });
    expect!["the partition 0 could not be recovered: record 1 was not understood by its reader: the net \"Pair\" has no task 4000000000"].assert_eq(&fault);
}

#[test]
fn a_case_whose_records_form_a_circle_is_a_fault() {
    let fault = run(async {
        let mut world = World::memory(Config { partitions: 1, ..config() }).await;
        world.tell("upload pair\nlaunch pair:1.0").await;
        world.stop().await;
        let at = append(&world, Some(1), &[]);
        let opened = world.storage.memory_of(0).unwrap().open().into_log().unwrap();
        let positions = chain::positions(&*opened.reader, &CaseId::parse("1").unwrap(), at);
        in_full(&positions.unwrap_err())
    });
    expect!["record 1 was not understood by its reader: its case's record before it is at 1, which is not before it"].assert_eq(&fault);
}
