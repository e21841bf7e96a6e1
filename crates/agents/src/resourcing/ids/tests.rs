//! Which texts are names.

use super::{ITEM_BYTES_MAX, ItemId, NAME_BYTES_MAX, ParticipantId, RoleId};
use crate::ids::{AGENT_ID_BYTES_MAX, AgentId, InvalidName};

#[test]
fn a_name_is_trimmed_not_empty_and_has_no_comma() {
    let name = |text: &str| text.parse::<RoleId>();
    assert_eq!(name(" Claims clerk ").unwrap().as_str(), "Claims clerk");
    assert_eq!(name("  "), Err(InvalidName::Empty { what: "id of the role" }));
    assert!(matches!(name("a,b"), Err(InvalidName::Character { found: ',', .. })));
    assert!(matches!(name("a\nb"), Err(InvalidName::Character { found: '\n', .. })));
    assert!(name(&"a".repeat(NAME_BYTES_MAX)).is_ok());
    assert!(matches!(name(&"a".repeat(NAME_BYTES_MAX + 1)), Err(InvalidName::TooLong { .. })));
}

#[test]
fn items_may_have_commas_and_longer_names() {
    assert!("1.1:Check, twice".parse::<ItemId>().is_ok());
    assert!("a".repeat(ITEM_BYTES_MAX).parse::<ItemId>().is_ok());
    assert!("a".repeat(ITEM_BYTES_MAX + 1).parse::<ItemId>().is_err());
}

#[test]
fn every_agent_is_a_participant_under_its_own_name() {
    for name in ["bot:1@host/2", &"x".repeat(AGENT_ID_BYTES_MAX)] {
        let agent: AgentId = name.parse().unwrap();
        assert_eq!(name.parse::<ParticipantId>().unwrap(), ParticipantId::from(&agent));
    }
}

#[test]
fn what_is_stored_is_checked_when_it_is_read() {
    let stored = postcard::to_allocvec("a,b").unwrap();
    assert!(postcard::from_bytes::<RoleId>(&stored).is_err());
    assert!(postcard::from_bytes::<ItemId>(&stored).is_ok());
}
