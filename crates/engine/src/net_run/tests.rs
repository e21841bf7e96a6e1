//! Choices and ends: what `reference 2.3` states and no recording reaches.

use expect_test::expect;

use crate::{
    testing::{Bench, check},
    view::view,
};

#[test]
fn a_composite_task_wins_over_empty_and_these_over_work() {
    check(
        "net N
         i -> A
         A -> c
         c -> B D E
         B -> o
         D kind empty
         D -> F
         E kind net S
         E -> F
         F -> o
         net S
         i -> H
         H -> o",
        "start C:A
         complete C.1:A 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C.2/i=1 C/E=[1, 0, 1, 0] C.2:H:Enabled <N><k>1</k></N>
        "#]],
    );
    check(
        "net N
         i -> A
         A -> c
         c -> B D
         B -> o
         D kind empty
         D -> F
         F -> o",
        "start C:A
         complete C.1:A 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{D_F}=1 C:F:Enabled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn a_net_of_empty_tasks_is_over_when_it_is_launched() {
    check(
        "net N
         i -> A
         A kind empty
         A -> B D
         B kind empty
         B -> E
         D kind empty
         D -> E
         E kind empty
         E and/and -> o",
        "",
        expect![[r#"
            launch: completed <N><k>0</k></N>
        "#]],
    );
}

#[test]
fn an_item_of_a_choice_that_is_suspended_is_withdrawn_like_any_other() {
    check(
        "net N
         i -> A B
         A -> o
         B -> D
         D -> o",
        "suspend C:A
         start C:B
         unsuspend C:A
         complete C.1:B 1",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled C:B:Enabled <N><k>0</k></N>
            suspend C:A: running C/i=1 C:A:Suspended C:B:Enabled <N><k>0</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C.1:B:Executing C:B:Is parent <N><k>0</k></N>
            unsuspend C:A: refused, no work item C:A
            complete C.1:B 1: running C/c{B_D}=1 C:D:Enabled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn an_and_join_in_two_choices_is_withdrawn_when_one_token_goes() {
    check(
        "net N
         i -> A
         A -> c1 c2
         c1 -> B D
         c2 -> D E
         B -> o
         D and/and -> o
         E -> o",
        "start C:A
         complete C.1:A 1
         start C:B",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c1=1 C/c2=1 C:B:Enabled C:D:Enabled C:E:Enabled <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C/c2=1 C.2:B:Executing C:B:Is parent C:E:Enabled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn a_task_with_two_tokens_before_it_runs_once_for_each_and_never_twice_at_a_time() {
    check(
        "net N
         i -> A
         A -> B D
         B -> c
         D -> c
         c -> E
         E -> F
         F -> o",
        "start C:A
         complete C.1:A 1
         start C:B
         complete C.2:B 1
         start C:D
         complete C.3:D 1
         start C:E
         start C:E
         complete C.4:E 1
         start C:E",
        expect![[r#"
            launch: running C/i=1 C:A:Enabled <N><k>0</k></N>
            start C:A: running C/A=[1, 0, 1, 0] C.1:A:Executing C:A:Is parent <N><k>0</k></N>
            complete C.1:A 1: running C/c{A_B}=1 C/c{A_D}=1 C:B:Enabled C:D:Enabled <N><k>1</k></N>
            start C:B: running C/B=[1, 0, 1, 0] C/c{A_D}=1 C.2:B:Executing C:B:Is parent C:D:Enabled <N><k>1</k></N>
            complete C.2:B 1: running C/c=1 C/c{A_D}=1 C:D:Enabled C:E:Enabled <N><k>1</k></N>
            start C:D: running C/D=[1, 0, 1, 0] C/c=1 C.3:D:Executing C:D:Is parent C:E:Enabled <N><k>1</k></N>
            complete C.3:D 1: running C/c=2 C:E:Enabled <N><k>1</k></N>
            start C:E: running C/E=[1, 0, 1, 0] C/c=1 C.4:E:Executing C:E:Is parent <N><k>1</k></N>
            start C:E: refused, work item C:E is Is parent, which does not permit to start it
            complete C.4:E 1: running C/c=1 C/c{E_F}=1 C:E:Enabled C:F:Enabled <N><k>1</k></N>
            start C:E: running C/E=[1, 0, 1, 0] C/c{E_F}=1 C.5:E:Executing C:E:Is parent C:F:Enabled <N><k>1</k></N>
        "#]],
    );
}

#[test]
fn tasks_that_one_token_offers_together_share_a_number_and_others_have_none() {
    let mut bench = Bench::launch(
        "net N
         i -> A
         A -> c1 c2 B
         B -> o
         c1 -> D E
         c2 -> F H
         D -> o
         E -> o
         F -> o
         H -> c1",
    );
    let mut groups = String::new();
    for line in ["start C:A", "complete C.1:A 1", "start C:H", "complete C.2:H 1"] {
        bench.run(line);
        groups += line;
        for (id, item) in view(&bench.program, &bench.case).items {
            let group = item.group.map_or_else(|| "-".to_owned(), |group| group.to_string());
            groups += &format!(" {id}={group}");
        }
        groups += "\n";
    }
    expect![[r#"
        start C:A C.1:A=- C:A=-
        complete C.1:A 1 C:B=- C:D=0 C:E=0 C:F=1 C:H=1
        start C:H C.2:H=1 C:B=- C:D=0 C:E=0 C:H=1
        complete C.2:H 1 C:B=- C:D=0 C:E=0
    "#]]
    .assert_eq(&groups);
}
