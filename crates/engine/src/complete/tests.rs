//! Leaving a task: what `reference 2.4`, 2.7 and 2.8 state and no recording reaches.

use expect_test::expect;

use crate::testing::check;

#[test]
fn a_task_that_removes_itself_and_its_own_input_still_gives_its_tokens() {
    check(
        "net N
         i -> A
         A -> B D
         B -> o
         D -> B
         B cancels B c{A_B} c{D_B}",
        "start C:A
         complete C.1:A 1
         start C:D
         complete C.2:D 1
         start C:B
         complete C.3:B 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_B}=1 C/c{A_D}=1 C:B:Enabled C:D:Enabled <N><k>1</k></N>
            start C:D: running C/D=[1, 0, 1, 0] C/c{A_B}=1 C.2:D:Executing C:B:Enabled C:D:Is parent <N><k>1</k></N>
            complete C.2:D 1: running C/c{A_B}=1 C/c{D_B}=1 C:B:Enabled <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C/c{A_B}=1 C.3:B:Executing C:B:Is parent <N><k>1</k></N>
            complete C.3:B 1: completed <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn a_removed_condition_that_the_same_exit_fills_holds_the_new_token_alone() {
    check(
        "net N
         i -> A
         A -> c D
         D -> c
         D cancels c
         c -> E
         E -> o",
        "start C:A
         complete C.1:A 1
         start C:D
         complete C.2:D 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c=1 C/c{A_D}=1 C:D:Enabled C:E:Enabled <N><k>1</k></N>
            start C:D: running C/D=[1, 0, 1, 0] C/c=1 C.2:D:Executing C:D:Is parent C:E:Enabled <N><k>1</k></N>
            complete C.2:D 1: running C/c=1 C:E:Enabled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn a_cancellation_set_leaves_a_task_that_is_only_enabled() {
    check(
        "net N
         i -> A
         A -> B D
         B -> E
         D -> E
         D cancels B
         E and/and -> o",
        "start C:A
         complete C.1:A 1
         start C:D
         complete C.2:D 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_B}=1 C/c{A_D}=1 C:B:Enabled C:D:Enabled <N><k>1</k></N>
            start C:D: running C/D=[1, 0, 1, 0] C/c{A_B}=1 C.2:D:Executing C:B:Enabled C:D:Is parent <N><k>1</k></N>
            complete C.2:D 1: running C/c{A_B}=1 C/c{D_E}=1 C:B:Enabled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn a_task_cancelled_while_busy_can_be_entered_again() {
    check(
        "net N
         i -> A
         A -> B D
         B -> E
         D -> B
         D cancels B
         E -> o",
        "start C:A
         complete C.1:A 1
         start C:B
         start C:D
         complete C.3:D 1
         start C:B
         complete C.4:B 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_B}=1 C/c{A_D}=1 C:B:Enabled C:D:Enabled <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C/c{A_D}=1 C.2:B:Executing C:B:Is parent C:D:Enabled <N><k>1</k></N>
            start C:D: running C/B=[1, 0, 1, 0] C/D=[1, 0, 1, 0] C.2:B:Executing C.3:D:Executing C:B:Is parent C:D:Is parent <N><k>1</k></N>
            complete C.3:D 1: running C/c{D_B}=1 C:B:Enabled <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.4:B:Executing C:B:Is parent <N><k>1</k></N>
            complete C.4:B 1: running C/c{B_E}=1 C:E:Enabled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn cancelling_a_composite_task_takes_all_its_nets_away() {
    check(
        "net N
         i -> A
         A -> B D
         B kind net S
         B -> o
         D cancels B
         D -> E
         E -> o
         net S
         i -> F
         F kind net S2
         F -> o
         net S2
         i -> H
         H -> o",
        "start C:A
         complete C.1:A 1
         start C.2.1:H
         start C:D
         complete C.3:D 2
         complete C.2.1.1:H 3",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C.2.1/i=1 C.2/F=[1, 0, 1, 0] C/B=[1, 0, 1, 0] C/c{A_D}=1 C.2.1:H:Enabled C:D:Enabled <N><k>1</k></N>
            start C.2.1:H: running C.2.1/H=[1, 0, 1, 0] C.2/F=[1, 0, 1, 0] C/B=[1, 0, 1, 0] C/c{A_D}=1 C.2.1.1:H:Executing C.2.1:H:Is parent C:D:Enabled <N><k>1</k></N>
            start C:D: running C.2.1/H=[1, 0, 1, 0] C.2/F=[1, 0, 1, 0] C/B=[1, 0, 1, 0] C/D=[1, 0, 1, 0] C.2.1.1:H:Executing C.2.1:H:Is parent C.3:D:Executing C:D:Is parent <N><k>1</k></N>
            complete C.3:D 2: running C/c{D_E}=1 C:E:Enabled <N><k>2</k></N>
            complete C.2.1.1:H 3: no item C.2.1.1:H
        "#]],
    );
}

#[test]
fn a_threshold_of_a_composite_task_cancels_the_other_nets() {
    check(
        "net N
         i -> A
         A -> B
         B kind net S
         B kind multi 1..9 of 2
         B -> D
         D -> o
         net S
         i -> F
         F -> o",
        "start C:A
         complete C.1:A 3
         start C.2:F
         start C.3:F
         start C.4:F
         complete C.4.1:F 5
         complete C.2.1:F 6
         complete C.3.1:F 7",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 3: running C.2/i=1 C.3/i=1 C.4/i=1 C/B=[3, 0, 3, 0] C.2:F:Enabled C.3:F:Enabled C.4:F:Enabled <N><k>3</k></N>
            start C.2:F: running C.2/F=[1, 0, 1, 0] C.3/i=1 C.4/i=1 C/B=[3, 0, 3, 0] C.2.1:F:Executing C.2:F:Is parent C.3:F:Enabled C.4:F:Enabled <N><k>3</k></N>
            start C.3:F: running C.2/F=[1, 0, 1, 0] C.3/F=[1, 0, 1, 0] C.4/i=1 C/B=[3, 0, 3, 0] C.2.1:F:Executing C.2:F:Is parent C.3.1:F:Executing C.3:F:Is parent C.4:F:Enabled <N><k>3</k></N>
            start C.4:F: running C.2/F=[1, 0, 1, 0] C.3/F=[1, 0, 1, 0] C.4/F=[1, 0, 1, 0] C/B=[3, 0, 3, 0] C.2.1:F:Executing C.2:F:Is parent C.3.1:F:Executing C.3:F:Is parent C.4.1:F:Executing C.4:F:Is parent <N><k>3</k></N>
            complete C.4.1:F 5: running C.2/F=[1, 0, 1, 0] C.3/F=[1, 0, 1, 0] C/B=[3, 0, 2, 1] C.2.1:F:Executing C.2:F:Is parent C.3.1:F:Executing C.3:F:Is parent <N><k>3</k></N>
            complete C.2.1:F 6: running C/c{B_D}=1 C:D:Enabled <N><k>11</k></N>
            complete C.3.1:F 7: no item C.3.1:F
        "#]],
    );
}

#[test]
fn a_predicate_that_fails_refuses_the_result_and_changes_nothing() {
    check(
        "net N
         i -> A
         A xor/xor -> B[1 idiv /N/k = 1] D*
         B -> o
         D -> o",
        "start C:A
         complete C.1:A 0
         complete C.1:A 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 0: refused, query "1 idiv /N/k = 1" of A: line 1, column 8: Division by zero (FOAR0001)
            complete C.1:A 1: running C/c{A_B}=1 C:B:Enabled <N><k>1</k></N>
        "#]],
    );
    check(
        "net N
         i -> A
         A xor/or -> B[/N/k > 1] D[1 idiv /N/k = 1] E[false()]*
         B -> o
         D -> o
         E -> o",
        "skip C:A
         start C:A
         force C.1:A
         complete C.1:A 5",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            skip C:A: refused, query "1 idiv /N/k = 1" of A: line 1, column 8: Division by zero (FOAR0001)
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            force C.1:A: refused, query "1 idiv /N/k = 1" of A: line 1, column 8: Division by zero (FOAR0001)
            complete C.1:A 5: running C/c{A_B}=1 C:B:Enabled <N><k>5</k></N>
        "#]],
    );
}

#[test]
fn a_failing_predicate_behind_a_composite_task_is_an_incident_that_a_resume_tries_again() {
    check(
        "net N
         i -> A
         A kind net S
         A xor/xor -> B[1 idiv /N/k = 1] D*
         B -> o
         D -> o
         net S
         i -> F
         F -> o",
        "start C.1:F
         complete C.1.1:F 0
         resume",
        expect![[r#"
            launch: running C.1/i=1 C/A=[1, 0, 1, 0] C.1:F:Enabled <N><k>0</k></N>
            start C.1:F: running C.1/F=[1, 0, 1, 0] C/A=[1, 0, 1, 0] C.1.1:F:Executing C.1:F:Is parent <N><k>0</k></N>
            complete C.1.1:F 0: running C.1/o=1 C/A=[1, 0, 1, 0] incident C:A: query "1 idiv /N/k = 1" of A: line 1, column 8: Division by zero (FOAR0001) <N><k>0</k></N>
            resume: running C.1/o=1 C/A=[1, 0, 1, 0] incident C:A: query "1 idiv /N/k = 1" of A: line 1, column 8: Division by zero (FOAR0001) <N><k>0</k></N>
        "#]],
    );
}

#[test]
fn instances_write_nothing_before_the_exit_and_take_only_what_their_status_permits() {
    check(
        "net N
         i -> A
         A -> B
         B kind dynamic 1..9 of 9
         B -> o",
        "start C:A
         complete C.1:A 2
         start C:B
         start C.3:B
         complete C.3:B 8
         suspend C.2:B
         complete C.2:B 4
         add C.2:B 1
         unsuspend C.2:B
         add C.3:B 1
         add C.2:B many
         add C.2:B 1
         complete C.2:B 4
         rollback C.2:B
         fail C.4:B
         start C.4:B
         fail C.4:B",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 2: running C/c{A_B}=1 C:B:Enabled <N><k>2</k></N>
            start C:B: running C/B=[2, 1, 1, 0] C.2:B:Executing C.3:B:Fired C:B:Is parent <N><k>2</k></N>
            start C.3:B: running C/B=[2, 0, 2, 0] C.2:B:Executing C.3:B:Executing C:B:Is parent <N><k>2</k></N>
            complete C.3:B 8: running C/B=[2, 0, 1, 1] C.2:B:Executing C.3:B:Complete C:B:Is parent <N><k>2</k></N>
            suspend C.2:B: running C/B=[2, 0, 1, 1] C.2:B:Suspended C.3:B:Complete C:B:Is parent <N><k>2</k></N>
            complete C.2:B 4: refused, work item C.2:B is Suspended, which does not permit to complete it
            add C.2:B 1: refused, work item C.2:B does not allow a new instance: it is not executing
            unsuspend C.2:B: running C/B=[2, 0, 1, 1] C.2:B:Executing C.3:B:Complete C:B:Is parent <N><k>2</k></N>
            add C.3:B 1: refused, work item C.3:B does not allow a new instance: it is not executing
            add C.2:B many: refused, data is not valid for input k of task B: 1 violation(s), first /G/k: Invalid integer value 'many': invalid digit found in string
            add C.2:B 1: running C/B=[3, 1, 1, 1] C.2:B:Executing C.3:B:Complete C.4:B:Fired C:B:Is parent <N><k>2</k></N>
            complete C.2:B 4: running C/B=[3, 1, 0, 2] C.2:B:Complete C.3:B:Complete C.4:B:Fired C:B:Is parent <N><k>2</k></N>
            rollback C.2:B: refused, work item C.2:B is Complete, which does not permit to roll it back
            fail C.4:B: refused, work item C.4:B is Fired, which does not permit to complete it by force
            start C.4:B: running C/B=[3, 0, 1, 2] C.2:B:Complete C.3:B:Complete C.4:B:Executing C:B:Is parent <N><k>2</k></N>
            fail C.4:B: completed <N><k>13</k></N>
        "#]],
    );
}

#[test]
fn tokens_beside_the_end_are_discarded_with_their_work() {
    check(
        "net N
         i -> A
         A -> B D
         B -> o
         D -> E
         E -> o",
        "start C:A
         complete C.1:A 1
         start C:D
         start C:B
         complete C.3:B 1
         complete C.2:D 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_B}=1 C/c{A_D}=1 C:B:Enabled C:D:Enabled <N><k>1</k></N>
            start C:D: running C/D=[1, 0, 1, 0] C/c{A_B}=1 C.2:D:Executing C:B:Enabled C:D:Is parent <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C/D=[1, 0, 1, 0] C.2:D:Executing C.3:B:Executing C:B:Is parent C:D:Is parent <N><k>1</k></N>
            complete C.3:B 1: completed <N><k>1</k></N>
            complete C.2:D 1: refused, the case is completed
        "#]],
    );
}
