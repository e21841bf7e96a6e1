//! Reading pictures.

use expect_test::{Expect, expect};

use super::*;

#[track_caller]
fn check(text: &str, want: Expect) {
    want.assert_eq(&serde_json::to_string_pretty(&read(text, "claim")).unwrap());
}

#[test]
fn vertices_and_containers_have_bounds() {
    check(
        r#"<layout xmlns="http://www.yawlfoundation.org/yawlschema"><specification id="claim"><net id="N">
             <bounds x="0" y="0" w="100" h="50"/>
             <vertex id="in"><attributes><bounds x="1.5" y="2" w="32" h="32"/></attributes></vertex>
             <container id="A">
               <vertex><attributes><bounds x="60" y="2" w="32" h="32"/></attributes></vertex>
               <decorator type="XOR_split"><attributes><bounds x="9" y="9" w="9" h="9"/></attributes></decorator>
             </container>
             <vertex id="odd"><attributes><bounds x="far" y="2" w="32" h="32"/></attributes></vertex>
             <flow source="in" target="A"/>
           </net></specification></layout>"#,
        expect![[r#"
            {
              "N": {
                "A": {
                  "x": 60.0,
                  "y": 2.0,
                  "width": 32.0,
                  "height": 32.0
                },
                "in": {
                  "x": 1.5,
                  "y": 2.0,
                  "width": 32.0,
                  "height": 32.0
                }
              }
            }"#]],
    );
}

#[test]
fn what_is_no_layout_gives_none() {
    check("<layout/>", expect!["null"]);
    check(
        "<layout><specification id='other'/><specification id='third'/></layout>",
        expect!["null"],
    );
    check("no xml", expect!["null"]);
}
