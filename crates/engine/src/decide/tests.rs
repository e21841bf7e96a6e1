//! Commands and what they lead to, one table a rule.

use expect_test::expect;

use crate::testing::check;

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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
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
        expect![[]],
    );
}
