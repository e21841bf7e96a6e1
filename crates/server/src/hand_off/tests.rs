//! A token is good for what it says, and every change of it is noticed.

use super::*;

fn signer() -> Signer {
    Signer::new(Some(&Secret::new("a key that both ends of this test know")), 60_000).unwrap()
}

fn offer() -> Offer {
    Offer {
        item: "7.1:A".to_owned(),
        from: "ann".to_owned(),
        to: "bob".to_owned(),
        epoch: 3,
        expires_ms: 1_000,
    }
}

#[test]
fn a_token_says_what_was_signed_until_it_expires() {
    let token = signer().sign(&offer());
    assert_eq!(signer().read(&token, 999), Ok(offer()));
    assert_eq!(signer().read(&token, 1_000), Err(Refusal::Expired { ms_ago: 0 }));
    assert_eq!(signer().read(&token, 61_000), Err(Refusal::Expired { ms_ago: 60_000 }));
}

#[test]
fn every_change_of_a_token_is_noticed() {
    let (signer, token) = (signer(), signer().sign(&offer()));
    for place in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(signer.read(&changed, 0), Err(Refusal::Forged), "{changed}");
    }
    for end in 0..token.len() {
        assert_eq!(signer.read(&token[..end], 0), Err(Refusal::Forged), "cut at {end}");
    }
    for text in ["", ".", "..", "a.b", "\u{fc}.\u{fc}", &"A".repeat(100_000), &format!("{token}.")]
    {
        assert_eq!(signer.read(text, 0), Err(Refusal::Forged), "{text}");
    }
}

#[test]
fn a_token_of_another_key_is_forged_also_where_keys_are_of_chance() {
    let chance = || Signer::new(None, 60_000).unwrap();
    let (one, other) = (chance(), chance());
    let token = one.sign(&offer());
    assert_eq!(one.read(&token, 0), Ok(offer()));
    assert_eq!(other.read(&token, 0), Err(Refusal::Forged));
    assert_eq!(signer().read(&token, 0), Err(Refusal::Forged));
}

/// RFC 4231, test case 2, by the library that signs: what is signed elsewhere with the same key is the same.
#[test]
fn the_signature_is_hmac_sha256() {
    let mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
    let signature = mac.chain_update(b"what do ya want for nothing?").finalize().into_bytes();
    let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}
