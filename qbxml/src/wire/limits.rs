//! Every bound of the reader, with its reason.

/// Bounds on an answer. A document beyond one of them is refused with the limit named; memory stays
/// within one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WireLimits {
    /// Elements inside elements. The deepest qbXML answer has 8.
    pub depth_max: usize,
    /// Bytes of one piece of markup or of text between markup. The longest legal text is 4095
    /// characters, each up to 10 bytes as a reference.
    pub token_bytes_max: usize,
    /// Bytes of the text of one element, joined.
    pub text_bytes_max: usize,
    /// Bytes of an element name. The longest of the schema has 45.
    pub name_bytes_max: usize,
    /// Bytes of one record. A bill with ten thousand lines has about 8 MB.
    pub record_bytes_max: usize,
    /// Different places of unknown elements that are told apart; further ones are counted together.
    pub unknown_paths_max: usize,
}

impl Default for WireLimits {
    fn default() -> Self {
        Self {
            depth_max: 32,
            token_bytes_max: 256 * 1024,
            text_bytes_max: 256 * 1024,
            name_bytes_max: 128,
            record_bytes_max: 64 * 1024 * 1024,
            unknown_paths_max: 256,
        }
    }
}
