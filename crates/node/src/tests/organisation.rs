//! The organisation outlives restarts, and nobody reads of it what is not durable.

use std::fmt::Write as _;

use expect_test::expect;

use super::world::{World, check, config, run};
use crate::Config;

const SCRIPT: &str = "
    role staff
    role clerk staff
    role boss
    group firm
    group claims firm
    position head claims
    person ann clerk head english
    person bob boss - english,french
    agent bot:1 clerk
    away bob
    pile-task pair:1.0 A ann
    pile-task pair:1.0 B bot:1
    person bob - - french
    remove-role boss
    back bob
    unpile-task pair:1.0 B bot:1
    remove-person ann
";

#[derive(Clone, Copy, Debug)]
enum Between {
    Nothing,
    Crash,
    Shutdown,
}

async fn seen(mut world: World, between: Between) -> String {
    let mut seen = String::new();
    for line in SCRIPT.lines() {
        seen.push_str(&world.tell(line).await);
        match between {
            Between::Nothing => {}
            Between::Crash => world.crash().await,
            Between::Shutdown => world.shut_down().await,
        }
        writeln!(seen, "{}", world.tell("organisation").await).unwrap();
    }
    seen
}

#[test]
fn a_restart_after_every_change_leaves_the_organisation_as_it_was() {
    run(async {
        let small = || Config { snapshot_every_records: 2, ..config() };
        let want = seen(World::memory(config()).await, Between::Nothing).await;
        assert!(want.contains("piled by bot:1"), "{want}");
        for between in [Between::Crash, Between::Shutdown] {
            let got = seen(World::memory(small()).await, between).await;
            assert_eq!(got, want, "in memory, {between:?}");
            let got = seen(World::disk(small()).await, between).await;
            assert_eq!(got, want, "on disk, {between:?}");
        }
    });
}

#[test]
fn what_does_not_fit_is_refused() {
    check(
        "person ann clerk
         role clerk clerk
         role clerk
         person ann clerk
         remove-role clerk
         remove-role nothing
         away bob
         pile-task pair:1.0 A ann
         pile-task pair:1.0 A bob
         unpile-task pair:1.0 A bob
         organisation",
        expect![[r#"
            person ann clerk => unknown-in-organisation: role clerk is not known
            role clerk clerk => organisation-circle: role clerk would stand above itself
            role clerk => done
            person ann clerk => done
            remove-role clerk => organisation-in-use: role clerk is named by participant ann
            remove-role nothing => done
            away bob => unknown-in-organisation: participant bob is not known
            pile-task pair:1.0 A ann => done
            pile-task pair:1.0 A bob => task-piled: the task A of pair:1.0 is piled by ann
            unpile-task pair:1.0 A bob => task-piled: the task A of pair:1.0 is piled by ann
            organisation => 
              role clerk above None
              Person ann {RoleId("clerk")} {} {}
              A of pair:1.0 piled by ann
        "#]],
    );
}
