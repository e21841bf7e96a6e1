//! What is read, and what is refused with its element.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{BYTES_MAX, NODES_MAX};
use crate::resourcing::{
    Allocate, Allocator, Constraint, DistributionSet, Filter, Initiator, Offer, Privilege, Refers,
    Resourcing,
};

#[track_caller]
fn refused(text: &str, want: Expect) {
    want.assert_eq(&Resourcing::read(text).unwrap_err().to_string());
}

/// A `resourcing` whose system offers to `set`.
fn offering(set: &str) -> String {
    format!(
        "<resourcing><offer initiator='system'><distributionSet>{set}</distributionSet></offer>\
         <allocate initiator='user'/><start initiator='user'/></resourcing>"
    )
}

#[test]
fn what_editors_write_for_a_fresh_task_is_left_to_an_administrator() {
    let text = "<resourcing><offer initiator=\"user\" /> <allocate initiator=\"user\" />
        <start initiator=\"user\" /></resourcing>";
    let read = Resourcing::read(text).unwrap();
    assert_eq!(read.offer, Offer::ByAdministrator);
    assert_eq!((read.allocate, read.start), (Allocate::ByUser, Initiator::User));
    assert!(read.privileges.is_empty());
}

#[test]
fn everything_that_the_grammar_allows_is_read() {
    let text = "<resourcing xmlns='http://www.yawlfoundation.org/yawlschema'>
        <offer initiator='system'><distributionSet>
          <initialSet>
            <participant>PA-1</participant><participant>PA-2, PA-3</participant>
            <role>RO-1,RO-2</role>
            <param><name>Manager</name><refers>participant</refers></param>
            <param><name>Desk</name><refers>role</refers></param>
          </initialSet>
          <filters>
            <filter><name>CapabilityFilter</name><params><param>
              <key>Capability</key><value>Master's in SCLM</value></param></params></filter>
            <filter><name>OrgFilter</name><params>
              <param><key>OrgGroup</key><value>claims &amp; !legal</value></param>
              <param><key>Position</key><value/></param></params></filter>
          </filters>
          <constraints>
            <constraint><name>PiledExecution</name></constraint>
            <constraint><name>SeparationOfDuties</name><params>
              <param><key>SeparationOfDuties</key><value>Old_3</value></param>
              <param><key>familiarTask</key><value>Check_449</value></param></params></constraint>
          </constraints>
        </distributionSet></offer>
        <allocate initiator='system'><allocator><name>RoundRobinByExperience</name></allocator></allocate>
        <start initiator='system'/>
        <secondary><participant>PA-4</participant><role>RO-4</role><nonHumanResource>van</nonHumanResource>
          <nonHumanCategory subcategory='large'>room</nonHumanCategory></secondary>
        <privileges>
          <privilege><name>canSkip</name><allowall>true</allowall><set><role>RO-1</role></set></privilege>
          <privilege><name>canPile</name><set><participant>PA-1</participant></set></privilege>
        </privileges></resourcing>";
    let read = Resourcing::read(text).unwrap();
    let Offer::ToSet(DistributionSet { named, variables, filters, constraints }) = &read.offer
    else {
        panic!("{read:?}")
    };
    let names: Vec<_> = named.participants.iter().map(|name| name.as_str()).collect();
    assert_eq!(names, ["PA-1", "PA-2", "PA-3"]);
    assert_eq!(named.roles.len(), 2);
    assert_eq!(variables[1].refers, Refers::Role);
    assert!(matches!(filters[1], Filter::Organisation { position: None, group: Some(_) }));
    assert_eq!(constraints[0], Constraint::PiledExecution);
    assert_eq!(constraints[1], Constraint::SeparationOfDuties { task: "Check_449".into() });
    assert_eq!(read.allocate, Allocate::BySystem(Allocator::RoundRobinByExperience));
    assert_eq!(read.start, Initiator::System);
    assert_eq!(read.secondary.categories[0].subcategory.as_deref(), Some("large"));
    let skip = &read.privileges[&Privilege::Skip];
    assert!(skip.all && skip.named.roles.len() == 1);
    assert!(!read.privileges[&Privilege::Pile].all);
}

#[test]
fn a_familiar_participant_takes_the_place_of_the_set() {
    let text = "<resourcing><offer initiator='system'><distributionSet><initialSet><role>R</role>\
        </initialSet></distributionSet><familiarParticipant taskID='Pick_up'/></offer>\
        <allocate initiator='system'/><start initiator='user'/></resourcing>";
    let read = Resourcing::read(text).unwrap();
    assert_eq!(read.offer, Offer::ToFamiliar { task: "Pick_up".into() });
    assert_eq!(read.allocate, Allocate::BySystem(Allocator::ShortestQueue));
}

#[test]
fn what_is_missing_or_unknown_is_refused_with_its_element() {
    refused("<resourcing><allocate/></resourcing>", expect!["resourcing has no offer"]);
    refused("<offer/>", expect![[r#"root: "offer" is not one of resourcing"#]]);
    refused(
        "<resourcing><offer initiator='system'/></resourcing>",
        expect!["resourcing/offer has no distributionSet"],
    );
    refused(
        "<resourcing><offer initiator='all'/></resourcing>",
        expect![[r#"resourcing/offer: "all" is not one of user, system"#]],
    );
    refused(
        &offering("<initialSet><role>a,,b</role></initialSet>"),
        expect!["resourcing/offer/distributionSet/initialSet/role: the id of the role is empty"],
    );
    let filter = |name: &str, params: &str| {
        offering(&format!(
            "<initialSet/><filters><filter><name>{name}</name><params>{params}</params></filter></filters>"
        ))
    };
    refused(
        &filter("GenericFilter", ""),
        expect![[
            r#"resourcing/offer/distributionSet/filters/filter: "GenericFilter" is not one of CapabilityFilter, OrgFilter"#
        ]],
    );
    refused(
        &filter("CapabilityFilter", ""),
        expect![
            "resourcing/offer/distributionSet/filters/filter has no param with the key Capability"
        ],
    );
    refused(
        &filter("OrgFilter", ""),
        expect![
            "resourcing/offer/distributionSet/filters/filter has no param with the key Position or OrgGroup"
        ],
    );
    refused(
        &filter("CapabilityFilter", "<param><key>Capability</key><value>a |</value></param>"),
        expect![[
            r#"resourcing/offer/distributionSet/filters/filter: "a |" is no condition: a name is missing before the end"#
        ]],
    );
    refused(
        &offering(
            "<initialSet/><constraints><constraint><name>GenericConstraint</name></constraint></constraints>",
        ),
        expect![[
            r#"resourcing/offer/distributionSet/constraints/constraint: "GenericConstraint" is not one of SeparationOfDuties, PiledExecution"#
        ]],
    );
    refused(
        "<resourcing><offer initiator='user'/><allocate initiator='system'><allocator><name>RiskAssessment</name></allocator></allocate></resourcing>",
        expect![[
            r#"resourcing/allocate/allocator: "RiskAssessment" is not one of RandomChoice, RoundRobinByTime, RoundRobinByLeastFrequency, RoundRobinByExperience, RoundRobinByAllocationTime, ShortestQueue, FastestResource, FastestToAllocate, FastestToStart, FastestToComplete, CheapestResource, CheapestToAllocate, CheapestStarter, CheapestCompleter, DearestResource"#
        ]],
    );
}

#[test]
fn a_text_has_limits_and_no_entities() {
    let bomb = "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\
        <resourcing>&b;</resourcing>";
    refused(bomb, expect!["resourcing is no XML: XML with DTD detected"]);
    let many = "<role>r</role>".repeat(NODES_MAX as usize / 2);
    refused(
        &offering(&format!("<initialSet>{many}</initialSet>")),
        expect!["resourcing is no XML: nodes limit reached"],
    );
    refused(
        &" ".repeat(BYTES_MAX + 1),
        expect!["resourcing has 1048577 bytes, at most 1048576 are read"],
    );
    refused(
        "<resourcing>",
        expect!["resourcing is no XML: the root node was opened but never closed"],
    );
}

#[test]
fn every_allocator_is_known_by_its_name() {
    for allocator in Allocator::ALL {
        let name = format!("{allocator:?}");
        assert_eq!(Allocator::named(&name), Some(allocator));
        assert!(super::super::allocator::NAMES.contains(&name), "{name} is missing in the error");
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(inside in "(<(offer|allocate|start|x) ?(initiator='(user|system)')?/?>|</offer>|[a&;,<]){0,12}") {
        let _ = Resourcing::read(&format!("<resourcing>{inside}</resourcing>"));
        let _ = Resourcing::read(&inside);
    }
}
