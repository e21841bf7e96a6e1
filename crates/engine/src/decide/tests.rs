//! Commands and what they lead to, one table a rule.

use expect_test::expect;

use crate::{
    Command, ItemKey, Path, decide,
    testing::{Bench, check},
};

#[test]
fn a_sequence_runs_to_its_end() {
    check(
        "net N
         i -> A
         A -> B
         B -> o",
        "start C:A
         complete C.1:A 4
         start C:B
         complete C.2:B 5",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 4: running C/c{A_B}=1 C:B:Enabled <N><k>4</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>4</k></N>
            complete C.2:B 5: completed <N><k>5</k></N>
        "#]],
    );
}

#[test]
fn an_xor_split_takes_the_first_true_flow_and_else_the_default() {
    check(
        "net N
         i -> A
         A xor/xor -> B[/N/k = 1] D[/N/k < 3] E*
         B -> o
         D -> o
         E -> o",
        "start C:A
         complete C.1:A 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_B}=1 C:B:Enabled <N><k>1</k></N>
        "#]],
    );
    check(
        "net N
         i -> A
         A xor/xor -> B[/N/k = 1] D[/N/k < 3] E*
         B -> o
         D -> o
         E -> o",
        "start C:A
         complete C.1:A 9",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 9: running C/c{A_E}=1 C:E:Enabled <N><k>9</k></N>
        "#]],
    );
}

#[test]
fn an_or_split_gives_the_default_a_token_only_if_nothing_else_got_one() {
    check(
        "net N
         i -> A
         A xor/or -> B[/N/k > 1] D[/N/k > 2] E[false()]*
         B -> F
         D -> F
         E -> F
         F or/and -> o",
        "start C:A
         complete C.1:A 3
         start C:B
         complete C.2:B 3
         start C:D
         complete C.3:D 3",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 3: running C/c{A_B}=1 C/c{A_D}=1 C:B:Enabled C:D:Enabled <N><k>3</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C/c{A_D}=1 C.2:B:Executing C:B:Is parent C:D:Enabled <N><k>3</k></N>
            complete C.2:B 3: running C/c{A_D}=1 C/c{B_F}=1 C:D:Enabled <N><k>3</k></N>
            start C:D: running C/D=[1, 0, 1, 0] C/c{B_F}=1 C.3:D:Executing C:D:Is parent <N><k>3</k></N>
            complete C.3:D 3: running C/c{B_F}=1 C/c{D_F}=1 C:F:Enabled <N><k>3</k></N>
        "#]],
    );
}

#[test]
fn a_deferred_choice_withdraws_what_was_not_chosen() {
    check(
        "net N
         i -> A B
         A -> o
         B -> o",
        "start C:B
         start C:A",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled C:B:Enabled <N><k>0</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.1:B:Executing C:B:Is parent <N><k>0</k></N>
            start C:A: refused, no work item C:A
        "#]],
    );
}

#[test]
fn a_rejected_result_leaves_the_item_executing_and_the_net_untouched() {
    check(
        "net N
         i -> A
         A -> o",
        "start C:A
         complete C.1:A many
         raw C.1:A not xml
         raw C.1:A <G><x>1</x></G>
         complete C.1:A 2",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A many: refused, data is not valid for output of task A: 1 violation(s), first /G/k: Invalid integer value 'many': invalid digit found in string
            raw C.1:A not xml: refused, data is not XML: not well-formed at 1:1: unknown token at 1:1
            raw C.1:A <G><x>1</x></G>: refused, data is not valid for output of task A: 1 violation(s), first /G/x: the element is not allowed here: k is expected
            complete C.1:A 2: completed <N><k>2</k></N>
        "#]],
    );
}

#[test]
fn an_empty_task_passes_its_token_on_by_itself() {
    check(
        "net N
         i -> A
         A -> B
         A kind empty
         B -> o",
        "",
        expect![[r#"
            launch: running C/c{A_B}=1 C:B:Enabled <N><k>0</k></N>
        "#]],
    );
}

#[test]
fn a_composite_task_runs_its_net_and_takes_its_output() {
    check(
        "net N
         i -> A
         A kind net S
         A -> B
         B -> o
         net S
         i -> D
         D -> o
         D kind empty",
        "start C:B",
        expect![[r#"
            launch: running C/c{A_B}=1 C:B:Enabled <N><k>0</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
        "#]],
    );
    check(
        "net N
         i -> A
         A kind net S
         A -> o
         net S
         i -> D
         D -> o",
        "start C.1:D
         complete C.1.1:D 6",
        expect![[r#"
            launch: running C.1/i=1 C/A=[1, 0, 1, 0] C.1:D:Enabled <N><k>0</k></N>
            start C.1:D: running C.1/D=[1, 0, 1, 0] C/A=[1, 0, 1, 0] C.1.1:D:Executing C.1:D:Is parent <N><k>0</k></N>
            complete C.1.1:D 6: completed <N><k>6</k></N>
        "#]],
    );
}

#[test]
fn multiple_instances_get_one_element_each_and_their_results_are_joined() {
    check(
        "net N
         i -> A
         A -> B
         B kind dynamic 1..3 of 3
         B -> o",
        "start C:A
         complete C.1:A 2
         start C:B
         start C.3:B
         add C.3:B 9
         add C.3:B 10
         complete C.2:B 5
         complete C.3:B 6
         start C.4:B
         complete C.4:B 7",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 2: running C/c{A_B}=1 C:B:Enabled <N><k>2</k></N>
            start C:B: running C/B=[2, 1, 1, 0] C.2:B:Executing C.3:B:Fired C:B:Is parent <N><k>2</k></N>
            start C.3:B: running C/B=[2, 0, 2, 0] C.2:B:Executing C.3:B:Executing C:B:Is parent <N><k>2</k></N>
            add C.3:B 9: running C/B=[3, 1, 2, 0] C.2:B:Executing C.3:B:Executing C.4:B:Fired C:B:Is parent <N><k>2</k></N>
            add C.3:B 10: refused, work item C.3:B does not allow a new instance: the maximum number of instances is reached
            complete C.2:B 5: running C/B=[3, 1, 1, 1] C.2:B:Complete C.3:B:Executing C.4:B:Fired C:B:Is parent <N><k>2</k></N>
            complete C.3:B 6: running C/B=[3, 1, 0, 2] C.2:B:Complete C.3:B:Complete C.4:B:Fired C:B:Is parent <N><k>2</k></N>
            start C.4:B: running C/B=[3, 0, 1, 2] C.2:B:Complete C.3:B:Complete C.4:B:Executing C:B:Is parent <N><k>2</k></N>
            complete C.4:B 7: completed <N><k>18</k></N>
        "#]],
    );
}

#[test]
fn a_reached_threshold_ends_the_other_instances() {
    check(
        "net N
         i -> A
         A -> B
         B kind multi 1..9 of 1
         B -> o",
        "start C:A
         complete C.1:A 3
         start C:B
         complete C.2:B 8",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 3: running C/c{A_B}=1 C:B:Enabled <N><k>3</k></N>
            start C:B: running C/B=[3, 2, 1, 0] C.2:B:Executing C.3:B:Fired C.4:B:Fired C:B:Is parent <N><k>3</k></N>
            complete C.2:B 8: completed <N><k>8</k></N>
        "#]],
    );
}

#[test]
fn too_many_instances_are_refused_and_the_item_stays_enabled() {
    check(
        "net N
         i -> A
         A -> B
         B kind multi 1..2 of 1
         B -> o",
        "start C:A
         complete C.1:A 3
         start C:B",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 3: running C/c{A_B}=1 C:B:Enabled <N><k>3</k></N>
            start C:B: refused, task B: 3 instances, allowed are 1 to 2
        "#]],
    );
}

#[test]
fn a_cancellation_set_removes_tokens_and_work() {
    check(
        "net N
         i -> A
         A xor/and -> B D
         B -> E
         D -> E
         D cancels B
         E xor/and -> o",
        "start C:A
         complete C.1:A 1
         start C:B
         start C:D
         complete C.3:D 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_B}=1 C/c{A_D}=1 C:B:Enabled C:D:Enabled <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C/c{A_D}=1 C.2:B:Executing C:B:Is parent C:D:Enabled <N><k>1</k></N>
            start C:D: running C/B=[1, 0, 1, 0] C/D=[1, 0, 1, 0] C.2:B:Executing C.3:D:Executing C:B:Is parent C:D:Is parent <N><k>1</k></N>
            complete C.3:D 1: running C/c{D_E}=1 C:E:Enabled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn a_deadlock_ends_the_case_and_its_tokens_stay_to_be_seen() {
    check(
        "net N
         i -> A
         A xor/xor -> B[true()] D*
         B -> E
         D -> E
         E and/and -> o",
        "start C:A
         complete C.1:A 1
         start C:B
         complete C.2:B 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_B}=1 C:B:Enabled <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>1</k></N>
            complete C.2:B 1: deadlocked left C/c{B_E}: Tokens(1) <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn an_item_can_be_skipped_suspended_rolled_back_restarted_forced_and_failed() {
    check(
        "net N
         i -> A
         A -> B
         B -> D
         D -> o",
        "suspend C:A
         start C:A
         unsuspend C:A
         skip C:A
         start C:B
         rollback C.2:B
         start C.2:B
         restart C.2:B
         force C.2:B
         start C:D
         fail C.3:D",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            suspend C:A: running C/i=1 C:A:Suspended <N><k>0</k></N>
            start C:A: refused, work item C:A is Suspended, which does not permit to start it
            unsuspend C:A: running C/i=1 C:A:Enabled <N><k>0</k></N>
            skip C:A: running C/c{A_B}=1 C:B:Enabled <N><k>0</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            rollback C.2:B: running C/B=[1, 1, 0, 0] C.2:B:Fired C:B:Is parent <N><k>0</k></N>
            start C.2:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            restart C.2:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            force C.2:B: running C/c{B_D}=1 C:D:Enabled <N><k>0</k></N>
            start C:D: running C/D=[1, 0, 1, 0] C.3:D:Executing C:D:Is parent <N><k>0</k></N>
            fail C.3:D: completed <N><k>0</k></N>
        "#]],
    );
}

#[test]
fn a_timer_on_an_enabled_item_skips_it_and_on_a_running_one_completes_it() {
    check(
        "net N
         i -> A
         A kind timer PT1H
         A -> B
         B kind work P1D
         B -> o",
        "wait PT59M
         wait PT1M
         start C:B
         wait PT23H
         wait PT1H",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            wait PT59M: running C/i=1 C:A:Enabled <N><k>0</k></N>
            wait PT1M: running C/c{A_B}=1 C:B:Enabled <N><k>0</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            wait PT23H: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>0</k></N>
            wait PT1H: completed <N><k>0</k></N>
        "#]],
    );
}

#[test]
fn a_cancelled_item_takes_its_task_away_and_an_emptied_case_ends() {
    check(
        "net N
         i -> A
         A -> o",
        "start C:A
         cancel C.1:A
         start C:A",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            cancel C.1:A: emptied <N><k>0</k></N>
            start C:A: refused, the case is emptied
        "#]],
    );
}

#[test]
fn a_suspended_case_enables_nothing_until_it_is_resumed() {
    check(
        "net N
         i -> A
         A -> B
         B -> o",
        "start C:A
         suspend
         complete C.1:A 1
         resume
         cancel",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            suspend: suspended C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: suspended C/c{A_B}=1 <N><k>1</k></N>
            resume: running C/c{A_B}=1 C:B:Enabled <N><k>1</k></N>
            cancel: cancelled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn a_subnet_that_gets_stuck_becomes_an_incident() {
    check(
        "net N
         i -> A
         A kind net S
         A -> o
         net S
         i -> D
         D xor/xor -> E[true()] F*
         E -> H
         F -> H
         H and/and -> o",
        "start C.1:D
         complete C.1.1:D 6
         start C.1:E
         complete C.1.2:E 6
         resume
         cancel",
        expect![[r#"
            launch: running C.1/i=1 C/A=[1, 0, 1, 0] C.1:D:Enabled <N><k>0</k></N>
            start C.1:D: running C.1/D=[1, 0, 1, 0] C/A=[1, 0, 1, 0] C.1.1:D:Executing C.1:D:Is parent <N><k>0</k></N>
            complete C.1.1:D 6: running C.1/c{D_E}=1 C/A=[1, 0, 1, 0] C.1:E:Enabled <N><k>0</k></N>
            start C.1:E: running C.1/E=[1, 0, 1, 0] C/A=[1, 0, 1, 0] C.1.2:E:Executing C.1:E:Is parent <N><k>0</k></N>
            complete C.1.2:E 6: running C/A=[1, 0, 1, 0] C.1:H:Deadlocked incident C:A: net S (C.1) has no token that can move and its end was not reached; cancel the item or the case <N><k>0</k></N>
            resume: running C/A=[1, 0, 1, 0] C.1:H:Deadlocked incident C:A: net S (C.1) has no token that can move and its end was not reached; cancel the item or the case <N><k>0</k></N>
            cancel: cancelled <N><k>0</k></N>
        "#]],
    );
}

#[test]
fn an_enabled_item_shows_what_its_enablement_mappings_give() {
    check(
        "net N
         i -> A
         A -> B
         B shows <k>{/N/k + 1}</k>
         B -> o",
        "start C:A
         complete C.1:A 4
         start C:B",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 4: running C/c{A_B}=1 C:B:Enabled shows <G><k>5</k></G> <N><k>4</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.2:B:Executing C:B:Is parent <N><k>4</k></N>
        "#]],
    );
    check(
        "net N
         i -> A
         A shows <k>many</k>
         A -> o",
        "start C:A",
        expect![[r#"
            launch: running C/i=1 incident C:A: data is not valid for input k of task A: 1 violation(s), first /G/k: Invalid integer value 'many': invalid digit found in string <N><k>0</k></N>
            start C:A: refused, no work item C:A
        "#]],
    );
}

#[test]
fn a_stale_key_of_a_subnet_that_is_gone_is_refused() {
    // The subnet has more tasks than the net above it.
    let bench = Bench::launch(
        "net N
         i -> A
         A kind net S
         A -> B
         B -> o
         net S
         i -> D
         D -> E
         E -> F
         F -> o",
    );
    let task = bench.program.nets[1].task_index("F").expect("F is a task of S");
    let item = ItemKey { path: Path::root().child(9), task };
    let refused = decide(&bench.program, &bench.case, Command::Start { item }, bench.inputs());
    expect!["no work item C.9:#2"]
        .assert_eq(&refused.expect_err("there is no such net").to_string());
}

#[test]
fn a_net_that_ends_implicitly_ends_when_no_work_is_left() {
    check(
        "net N implicit
         i -> A
         A -> B c
         B -> o
         c -> J
         d -> J
         J and/and -> o",
        "start C:A
         complete C.1:A 1
         start C:B
         complete C.2:B 2",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c=1 C/c{A_B}=1 C:B:Enabled <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C/c=1 C.2:B:Executing C:B:Is parent <N><k>1</k></N>
            complete C.2:B 2: deadlocked left C/c: Tokens(1) left C/o: Tokens(1) <N><k>2</k></N>
        "#]],
    );
    check(
        "net N
         i -> S
         S kind net M
         S -> o
         net M implicit
         i -> A
         A -> B C
         B -> o
         C -> o",
        "start C.1:A
         complete C.1.1:A 1
         start C.1:B
         complete C.1.2:B 2
         start C.1:C
         complete C.1.3:C 3",
        expect![[r#"
            launch: running C.1/i=1 C/S=[1, 0, 1, 0] C.1:A:Enabled <N><k>0</k></N>
            start C.1:A: running C.1/A=[1, 0, 1, 0] C/S=[1, 0, 1, 0] C.1.1:A:Executing C.1:A:Is parent <N><k>0</k></N>
            complete C.1.1:A 1: running C.1/c{A_B}=1 C.1/c{A_C}=1 C/S=[1, 0, 1, 0] C.1:B:Enabled C.1:C:Enabled <N><k>0</k></N>
            start C.1:B: running C.1/B=[1, 0, 1, 0] C.1/c{A_C}=1 C/S=[1, 0, 1, 0] C.1.2:B:Executing C.1:B:Is parent C.1:C:Enabled <N><k>0</k></N>
            complete C.1.2:B 2: running C.1/c{A_C}=1 C.1/o=1 C/S=[1, 0, 1, 0] C.1:C:Enabled <N><k>0</k></N>
            start C.1:C: running C.1/C=[1, 0, 1, 0] C.1/o=1 C/S=[1, 0, 1, 0] C.1.3:C:Executing C.1:C:Is parent <N><k>0</k></N>
            complete C.1.3:C 3: completed <N><k>3</k></N>
        "#]],
    );
}

#[test]
fn only_a_busy_task_with_several_instances_can_be_completed_with_what_it_has() {
    check(
        "net N
         i -> A
         A -> M
         M kind multi 1..3 of 3
         M -> o",
        "complete-task C:A
         start C:A
         complete-task C.1:A
         complete C.1:A 3
         complete-task C:M
         start C:M
         complete C.2:M 5
         complete-task C.3:M",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            complete-task C:A: refused, work item C:A is Enabled, which does not permit to complete all instances of its task
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete-task C.1:A: refused, work item C.1:A is Executing, which does not permit to complete all instances of its task
            complete C.1:A 3: running C/c{A_M}=1 C:M:Enabled <N><k>3</k></N>
            complete-task C:M: refused, work item C:M is Enabled, which does not permit to complete all instances of its task
            start C:M: running C/M=[3, 2, 1, 0] C.2:M:Executing C.3:M:Fired C.4:M:Fired C:M:Is parent <N><k>3</k></N>
            complete C.2:M 5: running C/M=[3, 2, 0, 1] C.2:M:Complete C.3:M:Fired C.4:M:Fired C:M:Is parent <N><k>3</k></N>
            complete-task C.3:M: completed <N><k>5</k></N>
        "#]],
    );
}
