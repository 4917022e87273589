//! Our engine towards Bill.com, without QuickBooks: what is read, what is asked of a person, and what each obstacle leads to.

mod gateway;
mod kit;
mod many;
mod notices;
mod obstacles;
mod pumped;
mod reading;
