//! What comes next.

use super::{Conversation, Identity};
use crate::limits::{ROUNDS_PER_SESSION_MAX, UNCLEAR_WRITES_MAX};
use crate::model::AttemptId;

/// What lies at hand when the connector asks for work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// The oldest write whose answer was lost.
    pub lost: Option<AttemptId>,
    /// A write that QuickBooks holds no answer of, once all its records were looked for and not all of them were found: what is
    /// left of it is made again, where none was found by the very same bytes.
    pub resend: Option<AttemptId>,
    /// That write was handed over after the reading began: what came of it, and was renamed since, is not seen yet.
    pub resend_unread: bool,
    /// Questions about single records.
    pub inquiries: usize,
    /// Intents that can be sent.
    pub ready: usize,
    /// Whether the owner has started the company and nobody paused it.
    pub may_write: bool,
}

/// What the next message set is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Ask which company file is open.
    Identify,
    /// Ask what became of a lost write.
    Check(AttemptId),
    /// Send the bytes of a lost write again, under their old id.
    Resend(AttemptId),
    /// Ask about single records.
    Inquire,
    /// Read what changed, or go on reading.
    Read,
    /// Read what changed once more, from the beginning of the marks.
    ReadAnew,
    /// Write.
    Write,
    /// Nothing is left.
    Done,
    /// End the session, with this sentence for a person.
    Stop(String),
}

/// Decides what the next message set is for.
#[must_use]
pub fn next_move(conversation: &Conversation, board: &Board) -> Move {
    match &conversation.identity {
        Identity::Unknown | Identity::MustAsk => return Move::Identify,
        Identity::Wrong(why) => return Move::Stop(why.clone()),
        Identity::Right => {}
    }
    if conversation.rounds >= ROUNDS_PER_SESSION_MAX {
        return Move::Stop("This session has gone on for very long. The next update continues.".to_owned());
    }
    if let Some(lost) = board.lost {
        return Move::Check(lost);
    }
    if board.inquiries > 0 {
        return Move::Inquire;
    }
    // What is read may show what came of a lost write, whatever somebody has made of it since.
    if !conversation.reading.finished {
        return Move::Read;
    }
    if let Some(attempt) = board.resend
        && board.may_write
    {
        return if board.resend_unread { Move::ReadAnew } else { Move::Resend(attempt) };
    }
    if board.may_write && board.ready > 0 {
        if conversation.unclear_writes >= UNCLEAR_WRITES_MAX {
            let why = "QuickBooks does not tell what became of the changes it is given (its disk may be full). The next update continues.";
            return Move::Stop(why.to_owned());
        }
        return Move::Write;
    }
    Move::Done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(identity: Identity, read: bool) -> Conversation {
        let mut conversation = Conversation { identity, ..Conversation::default() };
        conversation.reading.finished = read;
        conversation
    }

    fn full_board() -> Board {
        Board {
            lost: Some(AttemptId::new(1)),
            resend: Some(AttemptId::new(2)),
            resend_unread: false,
            inquiries: 1,
            ready: 1,
            may_write: true,
        }
    }

    #[test]
    fn nothing_comes_before_the_company_file_is_known() {
        assert_eq!(next_move(&conversation(Identity::Unknown, true), &full_board()), Move::Identify);
        assert_eq!(next_move(&conversation(Identity::MustAsk, true), &full_board()), Move::Identify);
    }

    #[test]
    fn in_another_company_file_nothing_happens() {
        let wrong = conversation(Identity::Wrong("another file".into()), false);
        assert_eq!(next_move(&wrong, &full_board()), Move::Stop("another file".into()));
    }

    #[test]
    fn questions_come_before_reading_and_reading_before_writing() {
        let mut board = full_board();
        let fresh = conversation(Identity::Right, false);
        assert_eq!(next_move(&fresh, &board), Move::Check(AttemptId::new(1)));
        board.lost = None;
        assert_eq!(next_move(&fresh, &board), Move::Inquire);
        board.inquiries = 0;
        assert_eq!(next_move(&fresh, &board), Move::Read);
        let read = conversation(Identity::Right, true);
        assert_eq!(next_move(&read, &board), Move::Resend(AttemptId::new(2)));
        board.resend_unread = true;
        assert_eq!(next_move(&read, &board), Move::ReadAnew);
        board.resend = None;
        assert_eq!(next_move(&read, &board), Move::Write);
    }

    #[test]
    fn a_file_that_never_tells_what_became_of_a_write_is_left_for_the_next_update() {
        let mut read = conversation(Identity::Right, true);
        let board = Board { ready: 1, may_write: true, ..Board::default() };
        read.unclear_writes = UNCLEAR_WRITES_MAX - 1;
        assert_eq!(next_move(&read, &board), Move::Write);
        read.unclear_writes += 1;
        assert!(matches!(next_move(&read, &board), Move::Stop(_)));
        assert_eq!(next_move(&read, &Board { ready: 0, ..board }), Move::Done);
    }

    #[test]
    fn a_paused_company_is_read_but_not_written() {
        let board = Board { ready: 3, resend: Some(AttemptId::new(2)), ..Board::default() };
        assert_eq!(next_move(&conversation(Identity::Right, false), &board), Move::Read);
        assert_eq!(next_move(&conversation(Identity::Right, true), &board), Move::Done);
    }
}
