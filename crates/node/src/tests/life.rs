//! A case from launch to end, and everything that can be seen of it.

use expect_test::expect;

use super::world::check;

#[test]
fn a_case_runs_from_launch_to_end() {
    check(
        "upload pair
         launch pair:1.0 data=<Pair><k>7</k></Pair>
         case 1
         start 1:A
         complete 1.1:A <Work><k>8</k></Work>
         items
         item 1:B
         start 1:B
         item 1.2:B
         case 1
         complete 1.2:B <Work><k>9</k></Work>
         case 1
         cases
         items
         specifications",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 data=<Pair><k>7</k></Pair> => case 1 running at 0
            case 1 => running | 1/i=1 | 1:A Enabled | <Pair><k>7</k></Pair>
            start 1:A => started 1.1:A <Work><k>7</k></Work>
            complete 1.1:A <Work><k>8</k></Work> => done
            items => 1:B Enabled
            item 1:B => 1:B Second Enabled None
            start 1:B => started 1.2:B <Work><k>8</k></Work>
            item 1.2:B => 1.2:B Second Executing Some("<Work><k>8</k></Work>")
            case 1 => running | 1/B=[1, 0, 1, 0] | 1.2:B Executing 1:B Is parent | <Pair><k>8</k></Pair>
            complete 1.2:B <Work><k>9</k></Work> => done
            case 1 => completed | | | <Pair><k>9</k></Pair> => <Pair><k>9</k></Pair>
            cases => 1 completed 0
            items => 
            specifications => pair:1.0 (0 open)
        "#]],
    );
}

#[test]
fn a_history_is_complete_and_in_names() {
    check(
        "upload pair
         launch pair:1.0 case=H
         start H:A
         complete H.1:A <Work><k>1</k></Work>
         cancel H
         history H",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 case=H => case H running at 0
            start H:A => started H.1:A <Work><k>0</k></Work>
            complete H.1:A <Work><k>1</k></Work> => done
            cancel H => done
            history H => 
              0 launched H 
              0 net-started H net=Pair data=<Pair><k>0</k></Pair>
              0 enabled H:A 
              0 fired H/A consumed=i instances=1
              0 started H.1:A 
              0 completed H.1:A how=normal output=<Work><k>1</k></Work>
              0 exited H/A written=<k>1</k> emptied= produced=c{A_B}
              0 enabled H:B 
              0 case-ended H how=cancelled
        "#]],
    );
}

#[test]
fn what_is_not_there_is_said_with_its_name() {
    check(
        "launch none:1.0
         upload pair
         launch pair:1.0 case=a/b
         case 9
         start 9:A
         launch pair:1.0
         start 1:C
         start 1.7:A
         complete 1:A <Work/>
         item 1:C
         history 9
         launch pair:1.0 data=<Pair>
         launch pair:1.0 data=<Pair><k>x</k></Pair>
         cases",
        expect![[r#"
            launch none:1.0 => no-such-specification: no specification none:1.0 is loaded
            upload pair => pair:1.0
            launch pair:1.0 case=a/b => not-a-case-id: "a/b" is no case id: use 1 to 128 letters, digits, `_` or `-`
            case 9 => no-such-case: no case 9
            start 9:A => no-such-case: no case 9
            launch pair:1.0 => case 1 running at 0
            start 1:C => no-such-item: no work item 1:C
            start 1.7:A => no-such-item: no work item 1.7:A
            complete 1:A <Work/> => wrong-status: work item 1:A is Enabled, which does not permit to complete it
            item 1:C => no-such-item: no work item 1:C
            history 9 => no-such-case: no case 9
            launch pair:1.0 data=<Pair> => not-xml: data is not XML: not well-formed at 1:1: the root node was opened but never closed
            launch pair:1.0 data=<Pair><k>x</k></Pair> => data-invalid: data is not valid for launch of net Pair: 1 violation(s), first /Pair/k: Invalid integer value 'x': invalid digit found in string
            cases => 1 running 1
        "#]],
    );
}

#[test]
fn a_specification_is_uploaded_once_and_unloaded_when_no_case_is_open() {
    check(
        "upload pair
         upload pair
         upload pair changed
         upload pair broken
         launch pair:1.0
         unload pair:1.0
         cancel 1
         unload pair:1.0
         unload pair:1.0
         launch pair:1.0
         specifications
         case 1
         crash
         specifications
         case 1
         upload pair changed
         launch pair:1.0
         item 2:A
         crash
         item 2:A
         history 1",
        expect![[r#"
            upload pair => pair:1.0
            upload pair => pair:1.0
            upload pair changed => specification-conflict: specification pair:1.0 is loaded with another text; raise its version to upload this one
            upload pair broken => specification-invalid
            launch pair:1.0 => case 1 running at 0
            unload pair:1.0 => specification-in-use: 1 case(s) of specification pair:1.0 are open; let them end or cancel them first
            cancel 1 => done
            unload pair:1.0 => ok
            unload pair:1.0 => no-such-specification: no specification pair:1.0 is loaded
            launch pair:1.0 => no-such-specification: no specification pair:1.0 is loaded
            specifications => 
            case 1 => cancelled | | | <Pair><k>0</k></Pair>
            crash => ok
            specifications => 
            case 1 => cancelled | | | <Pair><k>0</k></Pair>
            upload pair changed => pair:1.0
            launch pair:1.0 => case 2 running at 0
            item 2:A => 2:A Other Enabled None
            crash => ok
            item 2:A => 2:A Other Enabled None
            history 1 => 
              0 launched 1 
              0 net-started 1 net=Pair data=<Pair><k>0</k></Pair>
              0 enabled 1:A 
              0 case-ended 1 how=cancelled
        "#]],
    );
}

#[test]
fn numbers_go_on_behind_those_that_callers_chose() {
    check(
        "upload pair
         launch pair:1.0
         launch pair:1.0 case=5
         launch pair:1.0
         launch pair:1.0 case=x
         launch pair:1.0 case=5
         launch pair:1.0
         crash
         launch pair:1.0
         cancel 8
         shutdown
         launch pair:1.0
         cases",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 => case 1 running at 0
            launch pair:1.0 case=5 => case 5 running at 0
            launch pair:1.0 => case 6 running at 0
            launch pair:1.0 case=x => case x running at 0
            launch pair:1.0 case=5 => case-exists: case 5 exists; choose another id or leave it out
            launch pair:1.0 => case 7 running at 0
            crash => ok
            launch pair:1.0 => case 8 running at 0
            cancel 8 => done
            shutdown => ok
            launch pair:1.0 => case 9 running at 0
            cases => 1 running 1, 5 running 1, 6 running 1, 7 running 1, 8 cancelled 0, 9 running 1, x running 1
        "#]],
    );
}
