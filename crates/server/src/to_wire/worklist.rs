//! Worklists as clients read them.

use ::wire::{Timestamp, worklist as wire};
use agents::resourcing::{People, Reason, Resourcing};
use node::{GivenItem, Queue};

use super::agent;

pub(crate) fn item(from: &GivenItem) -> wire::GivenItem {
    wire::GivenItem {
        item: from.item.item.clone(),
        case: from.item.case.to_string(),
        specification: from.item.specification.to_string(),
        task: from.item.task.clone(),
        task_name: from.item.task_name.clone(),
        number: from.number,
        queue: match from.queue {
            Queue::Unoffered => wire::QueueName::Unoffered,
            Queue::Offered => wire::QueueName::Offered,
            Queue::Allocated => wire::QueueName::Allocated,
            Queue::Started => wire::QueueName::Started,
            Queue::Suspended => wire::QueueName::Suspended,
        },
        reason: from.reason.map(reason).map(str::to_owned),
        participants: texts(&from.participants),
        status: from.item.status.to_string(),
        enabled_at: Timestamp::from_ms(from.item.enabled_at_ms),
        started_at: from.item.started_at_ms.map(Timestamp::from_ms),
        lease: from.item.lease.as_ref().map(agent::lease),
    }
}

pub(crate) fn detail(from: &GivenItem) -> wire::GivenItemDetail {
    wire::GivenItemDetail {
        item: item(from),
        deallocated_by: texts(&from.deallocated_by),
        secondary: secondary(&from.resourcing),
        privileges: privileges(&from.resourcing),
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Fresh => "fresh",
        Reason::ByAdministrator => "by-administrator",
        Reason::NobodyNamed => "nobody-named",
        Reason::NobodyLeft => "nobody-left",
        Reason::NotStarted => "not-started",
        Reason::Full => "full",
    }
}

fn secondary(from: &Resourcing) -> wire::Secondary {
    let People { participants, roles } = &from.secondary.people;
    let category = |from: &agents::resourcing::Category| wire::Category {
        name: from.name.to_string(),
        subcategory: from.subcategory.as_ref().map(ToString::to_string),
    };
    wire::Secondary {
        participants: texts(participants),
        roles: texts(roles),
        resources: texts(&from.secondary.resources),
        categories: from.secondary.categories.iter().map(category).collect(),
    }
}

fn privileges(from: &Resourcing) -> Vec<wire::TaskPrivilege> {
    let granted = from.privileges.iter();
    let show =
        |(privilege, grant): (&agents::resourcing::Privilege, &agents::resourcing::Grant)| {
            wire::TaskPrivilege {
                name: privilege.name().to_owned(),
                all: grant.all,
                participants: texts(&grant.named.participants),
                roles: texts(&grant.named.roles),
            }
        };
    granted.map(show).collect()
}

fn texts<T: ToString>(from: &[T]) -> Vec<String> {
    from.iter().map(ToString::to_string).collect()
}
