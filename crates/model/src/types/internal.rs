//! The types that YAWL brings itself: timers, documents, lists of strings, places on the globe.
//!
//! Written from the facts in `reference/yawl.md` 4.4. A definition is added to the compiled schema only if it is
//! used, in YAWL's namespace and with unqualified children, so that values need no namespace.

/// Namespace of the internal types.
pub(super) const NAMESPACE: &str = "http://www.yawlfoundation.org/yawlschema";

/// Whether a type of this name is one of YAWL's own.
pub(super) fn is_internal(name: &str) -> bool {
    definition(name).is_some()
}

/// All names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    DEFINITIONS.iter().map(|(name, _)| *name)
}

/// The `xs:complexType` of this name, as text.
pub(super) fn definition(name: &str) -> Option<String> {
    let (name, content) = DEFINITIONS.iter().find(|(known, _)| *known == name)?;
    let place =
        format!("<xs:complexType><xs:sequence>{COORDINATES}</xs:sequence></xs:complexType>");
    let content = content.replace("$list", "minOccurs=\"1\" maxOccurs=\"unbounded\"");
    let content = content.replace("$label", LABEL).replace("$place", &place);
    Some(format!(
        "<xs:complexType name=\"{name}\"><xs:sequence>{content}</xs:sequence></xs:complexType>"
    ))
}

/// Name and content. `$place` is a complex type of latitude and longitude.
const DEFINITIONS: [(&str, &str); 13] = [
    (
        "YTimerType",
        // The reference passes values without workdays, although newer descriptions of the type require it.
        r#"<xs:element name="trigger"><xs:simpleType><xs:restriction base="xs:string">
        <xs:enumeration value="OnEnabled"/><xs:enumeration value="OnExecuting"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="expiry" type="xs:string"/>
        <xs:element name="workdays" type="xs:boolean" minOccurs="0"/>"#,
    ),
    (
        "YDocumentType",
        r#"<xs:element name="id" type="xs:long" minOccurs="0"/><xs:element name="name" type="xs:string"/>"#,
    ),
    (
        "YStringListType",
        r#"<xs:element name="item" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>"#,
    ),
    ("YGeoLatLongType", COORDINATES),
    ("YGeoLatLongListType", r#"<xs:element name="point" $list>$place</xs:element>"#),
    ("YGeoMarkerType", r#"$label<xs:element name="point">$place</xs:element>"#),
    (
        "YGeoMarkerListType",
        r#"<xs:element name="marker" $list><xs:complexType><xs:sequence>$label
        <xs:element name="point">$place</xs:element></xs:sequence></xs:complexType></xs:element>"#,
    ),
    (
        "YGeoCircleType",
        r#"$label<xs:element name="center">$place</xs:element><xs:element name="radius" type="xs:float"/>"#,
    ),
    (
        "YGeoCircleListType",
        r#"<xs:element name="circle" $list><xs:complexType><xs:sequence>$label
        <xs:element name="center">$place</xs:element><xs:element name="radius" type="xs:float"/>
        </xs:sequence></xs:complexType></xs:element>"#,
    ),
    (
        "YGeoRectType",
        r#"$label<xs:element name="top-left">$place</xs:element>
        <xs:element name="bottom-right">$place</xs:element>"#,
    ),
    (
        "YGeoRectListType",
        r#"<xs:element name="rect" $list><xs:complexType><xs:sequence>$label
        <xs:element name="top-left">$place</xs:element><xs:element name="bottom-right">$place</xs:element>
        </xs:sequence></xs:complexType></xs:element>"#,
    ),
    (
        "YGeoPolygonType",
        r#"$label<xs:element name="vertex" minOccurs="2" maxOccurs="unbounded">$place</xs:element>"#,
    ),
    (
        "YGeoPolygonListType",
        r#"<xs:element name="polygon" $list><xs:complexType><xs:sequence>$label
        <xs:element name="vertex" minOccurs="2" maxOccurs="unbounded">$place</xs:element>
        </xs:sequence></xs:complexType></xs:element>"#,
    ),
];

const LABEL: &str = r#"<xs:element name="label" type="xs:string" minOccurs="0"/>"#;

/// Degrees.
const COORDINATES: &str = r#"
    <xs:element name="latitude"><xs:simpleType><xs:restriction base="xs:decimal">
    <xs:minInclusive value="-90"/><xs:maxInclusive value="90"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="longitude"><xs:simpleType><xs:restriction base="xs:decimal">
    <xs:minInclusive value="-180"/><xs:maxInclusive value="180"/></xs:restriction></xs:simpleType></xs:element>"#;
