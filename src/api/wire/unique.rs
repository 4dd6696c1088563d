//! Objects in which a field is there twice. JSON does not say which one counts, and serde refuses the whole answer; here
//! the first one counts, so that the object can be named, and it is told that there was another.

use std::collections::HashSet;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, IgnoredAny, IntoDeserializer, MapAccess};

/// Reads an object. Returns it, and whether a field was there twice.
pub(super) fn read<'de, T: Deserialize<'de>, A: MapAccess<'de>>(map: A) -> Result<(T, bool), A::Error> {
    let mut is_twice = false;
    let unique = Unique { map, seen: HashSet::new(), is_twice: &mut is_twice };
    let object = T::deserialize(MapAccessDeserializer::new(unique))?;
    Ok((object, is_twice))
}

struct Unique<'a, A> {
    map: A,
    seen: HashSet<String>,
    is_twice: &'a mut bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Unique<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key::<String>()? {
            if self.seen.insert(key.clone()) {
                return seed.deserialize(key.into_deserializer()).map(Some);
            }
            self.map.next_value::<IgnoredAny>()?;
            *self.is_twice = true;
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
