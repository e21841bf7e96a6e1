//! Timers and deferred starts under a virtual clock.

use expect_test::expect;

use super::world::check;

#[test]
fn a_timer_fires_when_the_clock_is_moved_and_not_before() {
    check(
        "upload waiting
         launch waiting:1.0
         due
         advance 86399999
         items
         advance 86400000
         items
         due",
        expect![[r#"
            upload waiting => waiting:1.0
            launch waiting:1.0 => case 1 running at 0
            due => Some(86400000)
            advance 86399999 => ok
            items => 1:W Enabled
            advance 86400000 => ok
            items => 1:D Enabled
            due => None
        "#]],
    );
}

#[test]
fn timers_are_armed_again_after_a_restart() {
    check(
        "upload waiting
         launch waiting:1.0
         crash
         due
         launch waiting:1.0 at=1000
         shutdown
         due
         advance 2000
         due
         cases
         advance 90000000
         items
         due",
        expect![[r#"
            upload waiting => waiting:1.0
            launch waiting:1.0 => case 1 running at 0
            crash => ok
            due => Some(86400000)
            launch waiting:1.0 at=1000 => case 2 scheduled at 0
            shutdown => ok
            due => Some(1000)
            advance 2000 => ok
            due => Some(86400000)
            cases => 1 running 1, 2 running 1
            advance 90000000 => ok
            items => 1:D Enabled, 2:D Enabled
            due => None
        "#]],
    );
}

#[test]
fn a_suspended_case_keeps_its_timer_without_stirring() {
    check(
        "upload waiting
         launch waiting:1.0
         suspend-case 1
         advance 90000000
         case 1
         resume-case 1
         advance 90000001
         case 1",
        expect![[r#"
            upload waiting => waiting:1.0
            launch waiting:1.0 => case 1 running at 0
            suspend-case 1 => done
            advance 90000000 => ok
            case 1 => suspended | 1/c{W_D}=1 | | <Waiting></Waiting>
            resume-case 1 => done
            advance 90000001 => ok
            case 1 => running | 1/c{W_D}=1 | 1:D Enabled | <Waiting></Waiting>
        "#]],
    );
}
