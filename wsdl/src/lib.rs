#![doc = include_str!("../README.md")]

mod authenticate;
pub mod client;
mod envelope;
mod error;
mod guard;
mod guid;
mod hresult;
mod name;
mod operation;
pub mod qwc;
mod reply;
mod source;
mod text;
mod wsdl;

pub use authenticate::{AuthenticateResult, Company};
pub use error::{DecodeError, Excerpt};
pub use guard::GuardLimits;
pub use guid::{Guid, GuidError};
pub use hresult::{Advice, HResult, HResultKind};
pub use name::{NAMESPACE, OperationName};
pub use operation::{
    ArrivingAnswer, Decoded, Operation, Password, PollSpelling, ReceiveResponseXml, ResponseText, SendRequestXml,
    decode, decode_stream,
};
pub use reply::{Fault, FaultCode, Reply, SoapVersion, content_type, encode, encode_fault};
pub use text::TextError;
pub use wsdl::{WSDL, wsdl};
