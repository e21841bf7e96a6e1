//! Samples: valid whatever the type, the same for the same choices, varied otherwise.

use std::collections::BTreeSet;

use super::*;

const SEEDS: u32 = 50;

/// Numbers below a limit, the same for the same seed.
pub(super) fn numbers(seed: u32) -> impl FnMut(u32) -> u32 {
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |below| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        u32::try_from((state >> 33) % u64::from(below.max(1))).unwrap()
    }
}

/// Makes samples of a type and gives the distinct ones, each found valid.
#[track_caller]
fn samples(schema: &str, type_name: &str) -> BTreeSet<String> {
    let (types, id) = single(schema, type_name);
    let mut found = BTreeSet::new();
    for seed in 0..SEEDS {
        let value = types.sample(id, "R", &mut numbers(seed));
        assert_eq!(types.validate(id, &value), Ok(()), "{type_name}, seed {seed}: {value}");
        assert_eq!(types.sample(id, "R", &mut numbers(seed)), value);
        let inner = value.strip_prefix("<R><v>").and_then(|rest| rest.strip_suffix("</v></R>"));
        found.insert(inner.unwrap_or(&value).to_owned());
    }
    found
}

#[test]
fn samples_of_built_in_types_are_valid_and_varied() {
    // A reference needs an identifier elsewhere in the value, which no value of this one field has.
    let alone = BUILT_IN.into_iter().filter(|name| !name.starts_with("IDREF"));
    for type_name in alone {
        let found = samples("", type_name);
        // The first identifier of a value is always the same.
        let least = match type_name {
            "boolean" => 2,
            "ID" => 1,
            "gYear" | "language" => 4,
            _ => 8,
        };
        assert!(found.len() >= least, "{type_name}: {found:?}");
    }
}

#[test]
fn samples_of_yawl_types_are_valid() {
    for type_name in internal::names() {
        assert!(samples("", type_name).len() > 1, "{type_name}");
    }
}

/// The first three samples of each restriction.
#[test]
fn samples_meet_the_facets() {
    let table = [
        ("string", "<xs:enumeration value='red'/><xs:enumeration value='a &amp; b'/>"),
        ("integer", "<xs:minInclusive value='10'/>"),
        ("integer", "<xs:maxExclusive value='-5'/>"),
        ("integer", "<xs:minInclusive value='100000000000000000000000000000000000000000'/>"),
        ("decimal", "<xs:minExclusive value='0.001'/><xs:maxInclusive value='0.01'/>"),
        (
            "decimal",
            "<xs:totalDigits value='3'/><xs:fractionDigits value='1'/><xs:minInclusive value='5'/>",
        ),
        ("double", "<xs:minInclusive value='1E6'/><xs:maxInclusive value='2E6'/>"),
        ("string", "<xs:length value='5'/>"),
        ("token", "<xs:minLength value='30'/>"),
        ("string", "<xs:maxLength value='0'/>"),
        ("string", "<xs:pattern value='[A-Z]{3}-\\d{4}(/[ab]|x)?'/>"),
        (
            "string",
            "<xs:pattern value='\\p{Lu}\\w+@[a-z-[aeiou]]{2,}\\.(com|org)'/><xs:maxLength value='12'/>",
        ),
        ("integer", "<xs:pattern value='\\d{2}'/><xs:minInclusive value='50'/>"),
        ("date", "<xs:minInclusive value='2030-06-01'/>"),
        ("dateTime", "<xs:maxExclusive value='1999-01-01T00:00:00Z'/>"),
        ("time", "<xs:minInclusive value='08:00:00'/><xs:maxInclusive value='17:00:00'/>"),
        ("duration", "<xs:minInclusive value='P1D'/>"),
        ("hexBinary", "<xs:minLength value='2'/><xs:maxLength value='3'/>"),
        ("base64Binary", "<xs:length value='5'/>"),
        ("language", "<xs:length value='2'/>"),
        ("anyURI", "<xs:maxLength value='8'/>"),
    ];
    let mut got = String::new();
    for (base, facets) in table {
        let schema = format!(
            "<xs:simpleType name='T'><xs:restriction base='xs:{base}'>{facets}</xs:restriction></xs:simpleType>"
        );
        let found = samples(&schema, "T");
        let first: Vec<&str> = found.iter().take(3).map(String::as_str).collect();
        writeln!(got, "{base} {}: {}", found.len(), first.join(" · ")).unwrap();
    }
    expect![[r#"
        string 2: a &amp; b · red
        integer 50: 10 · 1006 · 107
        integer 50: -10 · -1006 · -106
        integer 1: 100000000000000000000000000000000000000000
        decimal 9: 0.002 · 0.003 · 0.004
        decimal 50: 11.4 · 11.7 · 14.7
        double 47: 1027515.58 · 1039286.89 · 1053845.73
        string 31: amber · ancho · birch
        token 49: amber fern cedarqrstuvwxyzabcd · amberfghijklmnopqrstuvwxyzabcd · anchor harbouropqrstuvwxyzabcd
        string 1: 
        string 47: ARJ-8307/a · DSL-7171 · DSV-2205
        string 47: A3oi@yfc.com · AGV@rd.org · B3U4@zc.org
        integer 40: 50 · 51 · 53
        date 47: 2030-06-01 · 2030-06-08 · 2030-06-12
        dateTime 47: 1998-01-04T19:42:57 · 1998-01-06T04:20:11 · 1998-01-08T13:35:44
        time 47: 08:00:00 · 08:11:14 · 09:02:42
        duration 26: P10D · P13D · P14D
        hexBinary 50: 08CC · 0EAE · 16B7
        base64Binary 50: aiuqAAA= · alppAAA= · aplrAAA=
        language 4: de · en · fr
        anyURI 1: urn:samp
    "#]].assert_eq(&got);
}

#[test]
fn samples_of_derived_list_and_union_types_are_valid() {
    let table = [
        "<xs:simpleType name='T'><xs:restriction base='B'><xs:pattern value='.*7'/></xs:restriction></xs:simpleType>
         <xs:simpleType name='B'><xs:restriction base='xs:string'><xs:pattern value='\\d+'/></xs:restriction></xs:simpleType>",
        "<xs:simpleType name='T'><xs:list itemType='B'/></xs:simpleType>
         <xs:simpleType name='B'><xs:restriction base='xs:string'><xs:pattern value='\\d+'/></xs:restriction></xs:simpleType>",
        "<xs:simpleType name='T'><xs:restriction><xs:simpleType><xs:list itemType='xs:byte'/></xs:simpleType>
         <xs:length value='4'/></xs:restriction></xs:simpleType>",
        "<xs:simpleType name='T'><xs:union memberTypes='xs:int'><xs:simpleType><xs:restriction base='xs:string'>
         <xs:enumeration value='none'/></xs:restriction></xs:simpleType></xs:union></xs:simpleType>",
    ];
    for schema in table {
        assert!(samples(schema, "T").len() > 1, "{schema}");
    }
}

#[test]
fn samples_of_complex_types_are_valid() {
    for type_name in ["Order", "Line", "Tree", "Empty"] {
        samples(ORDER, type_name);
    }
    let table = [
        // Extension, simple content, attributes that must be there.
        "<xs:complexType name='B'><xs:sequence><xs:element name='a' type='xs:int'/></xs:sequence>
           <xs:attribute name='k' type='xs:int' use='required'/></xs:complexType>
         <xs:complexType name='T'><xs:complexContent><xs:extension base='B'><xs:sequence>
           <xs:element name='b' type='M'/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
         <xs:complexType name='M'><xs:simpleContent><xs:extension base='xs:decimal'>
           <xs:attribute name='unit' use='required' fixed='EUR'/></xs:extension></xs:simpleContent></xs:complexType>",
        // Restriction of a complex type.
        "<xs:complexType name='B'><xs:sequence><xs:element name='a' type='xs:int' maxOccurs='unbounded'/></xs:sequence>
           <xs:attribute name='k' type='xs:int' use='required'/></xs:complexType>
         <xs:complexType name='T'><xs:complexContent><xs:restriction base='B'><xs:sequence>
           <xs:element name='a' type='xs:int' maxOccurs='2'/></xs:sequence></xs:restriction></xs:complexContent></xs:complexType>",
        // Groups, references, substitution for an abstract element, wildcards, fixed values.
        "<xs:group name='g'><xs:choice><xs:element name='x' fixed='1'/><xs:element ref='head'/></xs:choice></xs:group>
         <xs:element name='head' abstract='true' type='xs:string'/>
         <xs:element name='member' substitutionGroup='head'/>
         <xs:complexType name='T' mixed='true'><xs:sequence><xs:group ref='g' minOccurs='2' maxOccurs='9'/>
           <xs:any namespace='##other' processContents='lax'/><xs:any processContents='skip' minOccurs='0'/>
         </xs:sequence></xs:complexType>",
        // Recursion through a choice that must end, and a list that grows.
        "<xs:complexType name='T'><xs:choice maxOccurs='unbounded'><xs:element name='both' type='Two'/>
           <xs:element name='end' type='xs:int'/></xs:choice></xs:complexType>
         <xs:complexType name='Two'><xs:sequence><xs:element name='l' type='T'/><xs:element name='r' type='T'/>
         </xs:sequence></xs:complexType>",
        // A key.
        "<xs:complexType name='T'><xs:sequence><xs:element name='list'><xs:complexType><xs:sequence>
           <xs:element name='id' type='xs:int' minOccurs='2' maxOccurs='4'/></xs:sequence></xs:complexType>
           <xs:unique name='u'><xs:selector xpath='id'/><xs:field xpath='.'/></xs:unique></xs:element>
         </xs:sequence></xs:complexType>",
    ];
    for schema in table {
        samples(schema, "T");
    }
}

#[test]
fn a_sample_of_a_qualified_type_declares_its_namespace() {
    let schema = "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:t' xmlns='urn:t'
         elementFormDefault='qualified' attributeFormDefault='qualified'><x:complexType name='L'><x:sequence>
         <x:element name='a' type='x:int'/><x:element name='b' form='unqualified' type='x:int'/></x:sequence>
         <x:attribute name='k' use='required' fixed='1'/></x:complexType></x:schema>";
    let mut builder = TypesBuilder::new(Some(schema)).unwrap();
    let id = add(&mut builder, "v:L").unwrap();
    let types = builder.build().unwrap();
    let value = types.sample(id, "R", &mut |_| 0);
    assert_eq!(types.validate(id, &value), Ok(()));
    expect![[r#"<R><v xmlns:a="urn:t" a:k="1"><a xmlns="urn:t">0</a><b>0</b></v></R>"#]]
        .assert_eq(&value);
}

#[test]
fn a_chooser_that_breaks_its_promise_does_no_harm() {
    let (types, id) = single(ORDER, "Order");
    let value = types.sample(id, "R", &mut |_| u32::MAX);
    assert!(value.len() < 10_000_000);
}
