//! Timers: what `reference 2.9` states and no recording reaches.

use expect_test::expect;

use crate::testing::check;

#[test]
fn a_timer_variable_is_dormant_then_active_then_closed_or_expired() {
    check(
        "net N
         i -> A
         A kind timer PT1H
         A -> B
         B xor/xor -> D[timer(A) = 'closed'] E[timer(A) = 'expired'] F*
         D -> o
         E -> o
         F -> o",
        "start C:A
         complete C.1:A 1
         start C:B
         complete C.2:B 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_B}=1 C:B:Enabled <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>1</k></N>
            complete C.2:B 1: running C/c{B_D}=1 C:D:Enabled <N><k>1</k></N>
        "#]],
    );
    check(
        "net N
         i -> A
         A kind timer PT1H
         A -> B
         B xor/xor -> D[timer(A) = 'closed'] E[timer(A) = 'expired'] F*
         D -> o
         E -> o
         F -> o",
        "wait PT1H
         start C:B
         complete C.2:B 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            wait PT1H: running C/c{A_B}=1 C:B:Enabled <N><k>0</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            complete C.2:B 1: running C/c{B_E}=1 C:E:Enabled <N><k>1</k></N>
        "#]],
    );
    check(
        "net N
         i -> A
         A kind work PT1H
         A xor/xor -> D[timer(A) = 'closed'] E[timer(A) = 'active'] F*
         D xor/xor -> o[timer(E) != 'dormant'] E*
         E kind work PT1H
         E -> o
         F -> o",
        "start C:A
         complete C.1:A 1
         start C:D
         complete C.2:D 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_D}=1 C:D:Enabled <N><k>1</k></N>
            start C:D: running C/D=[1, 0, 1, 0] C.2:D:Executing C:D:Is parent <N><k>1</k></N>
            complete C.2:D 1: running C/c{D_E}=1 C:E:Enabled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn every_instance_has_a_timer_of_its_own_from_its_start() {
    check(
        "net N
         i -> A
         A -> B
         B kind multi 1..9 of 9
         B kind work PT1H
         B -> o",
        "start C:A
         complete C.1:A 2
         start C:B
         wait PT40M
         start C.3:B
         wait PT20M
         wait PT39M
         wait PT1M",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 2: running C/c{A_B}=1 C:B:Enabled <N><k>2</k></N>
            start C:B: running C/B=[2, 1, 1, 0] C.2:B:Executing C.3:B:Fired C:B:Is parent <N><k>2</k></N>
            wait PT40M: running C/B=[2, 1, 1, 0] C.2:B:Executing C.3:B:Fired C:B:Is parent <N><k>2</k></N>
            start C.3:B: running C/B=[2, 0, 2, 0] C.2:B:Executing C.3:B:Executing C:B:Is parent <N><k>2</k></N>
            wait PT20M: running C/B=[2, 0, 1, 1] C.2:B:ForcedComplete C.3:B:Executing C:B:Is parent <N><k>2</k></N>
            wait PT39M: running C/B=[2, 0, 1, 1] C.2:B:ForcedComplete C.3:B:Executing C:B:Is parent <N><k>2</k></N>
            wait PT1M: completed <N><k>3</k></N>
        "#]],
    );
}

#[test]
fn a_timer_runs_on_while_its_item_is_rolled_back_or_suspended() {
    check(
        "net N
         i -> A
         A kind work PT1H
         A -> B
         B kind work PT1H
         B -> D
         D kind timer PT1H
         D -> o",
        "start C:A
         wait PT30M
         rollback C.1:A
         start C.1:A
         wait PT30M
         start C:B
         suspend C.2:B
         wait PT1H
         suspend C:D
         wait PT1H",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            wait PT30M: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            rollback C.1:A: running C/A=[1, 1, 0, 0] C.1:A:Fired C:A:Is parent <N><k>0</k></N>
            start C.1:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            wait PT30M: running C/c{A_B}=1 C:B:Enabled <N><k>0</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            suspend C.2:B: running C/B=[1, 0, 1, 0] C.2:B:Suspended C:B:Is parent <N><k>0</k></N>
            wait PT1H: running C/c{B_D}=1 C:D:Enabled <N><k>0</k></N>
            suspend C:D: running C/c{B_D}=1 C:D:Suspended <N><k>0</k></N>
            wait PT1H: completed <N><k>0</k></N>
        "#]],
    );
}

#[test]
fn an_offered_timer_forces_what_was_started_meanwhile() {
    check(
        "net N
         i -> A
         A -> B
         B kind multi 1..9 of 9
         B kind timer PT1H
         B -> o",
        "start C:A
         complete C.1:A 2
         start C:B
         wait PT1H",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 2: running C/c{A_B}=1 C:B:Enabled <N><k>2</k></N>
            start C:B: running C/B=[2, 1, 1, 0] C.2:B:Executing C.3:B:Fired C:B:Is parent <N><k>2</k></N>
            wait PT1H: running C/B=[2, 1, 0, 1] C.2:B:ForcedComplete C.3:B:Fired C:B:Is parent <N><k>2</k></N>
        "#]],
    );
}

#[test]
fn a_withdrawn_item_has_no_timer_and_one_that_is_offered_again_starts_anew() {
    check(
        "net N
         i -> S
         S -> c
         c -> A B
         A -> c
         B kind timer PT1H
         B -> o",
        "start C:S
         complete C.1:S 1
         wait PT30M
         start C:A
         wait PT1H
         complete C.2:A 1
         wait PT59M
         wait PT1M",
        expect![[r#"
            launch: running C/i=1 C:S:Enabled <N><k>0</k></N>
            start C:S: running C/S=[1, 0, 1, 0] C.1:S:Executing C:S:Is parent <N><k>0</k></N>
            complete C.1:S 1: running C/c=1 C:A:Enabled C:B:Enabled <N><k>1</k></N>
            wait PT30M: running C/c=1 C:A:Enabled C:B:Enabled <N><k>1</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.2:A:Executing C:A:Is parent <N><k>1</k></N>
            wait PT1H: running C/A=[1, 0, 1, 0] C.2:A:Executing C:A:Is parent <N><k>1</k></N>
            complete C.2:A 1: running C/c=1 C:A:Enabled C:B:Enabled <N><k>1</k></N>
            wait PT59M: running C/c=1 C:A:Enabled C:B:Enabled <N><k>1</k></N>
            wait PT1M: completed <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn work_days_stop_the_clock_of_a_duration_at_weekends() {
    // 1970-01-01 was a Thursday.
    check(
        "net N
         i -> A
         A kind timer PT24H workdays
         A -> B
         B kind work PT1S workdays
         B -> D
         D kind timer P6D workdays
         D -> o",
        "wait PT24H
         start C:B
         wait PT47H
         wait PT1H
         wait PT1S
         wait P7D
         wait P1D",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            wait PT24H: running C/c{A_B}=1 C:B:Enabled <N><k>0</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            wait PT47H: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            wait PT1H: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            wait PT1S: running C/c{B_D}=1 C:D:Enabled <N><k>0</k></N>
            wait P7D: running C/c{B_D}=1 C:D:Enabled <N><k>0</k></N>
            wait P1D: completed <N><k>0</k></N>
        "#]],
    );
}
