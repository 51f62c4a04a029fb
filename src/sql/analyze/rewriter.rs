//! Writing a statement in words that the parser knows, token by token.

use sqlparser::tokenizer::Token;

/// Goes through the tokens of a statement and writes others; `state` is what an engine remembers on
/// the way.
pub(super) struct Rewriter<S> {
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    pub(super) written: Vec<Token>,
    pub(super) state: S,
}

impl<S: Default> Rewriter<S> {
    /// Begins with these, without what is white.
    pub(super) fn new(tokens: impl IntoIterator<Item = Token>) -> Self {
        let tokens =
            tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
        Self { tokens, at: 0, written: Vec::new(), state: S::default() }
    }
}

impl<S> Rewriter<S> {
    /// The token at a distance from here.
    pub(super) fn token(&self, distance: usize) -> Option<&Token> {
        self.tokens.get(self.at + distance)
    }

    /// The word at a distance from here, in upper case; quoted ones are none.
    pub(super) fn word(&self, distance: usize) -> Option<String> {
        match self.token(distance) {
            Some(Token::Word(word)) if word.quote_style.is_none() => {
                Some(word.value.to_ascii_uppercase())
            }
            _ => None,
        }
    }

    /// Whether this word stands there.
    pub(super) fn at_word(&self, distance: usize, word: &str) -> bool {
        self.word(distance).as_deref() == Some(word)
    }

    /// Whether these words come next.
    pub(super) fn words(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(at, word)| self.at_word(at, word))
    }

    /// Passes on a number of tokens.
    pub(super) fn keep(&mut self, count: usize) {
        let end = (self.at + count).min(self.tokens.len());
        self.written.extend_from_slice(&self.tokens[self.at..end]);
        self.at = end;
    }

    /// Writes words instead of a number of tokens.
    pub(super) fn instead(&mut self, count: usize, words: &[&str]) {
        self.written.extend(words.iter().map(|word| Token::make_keyword(word)));
        self.at += count;
    }

    /// Writes a token instead of a number of tokens.
    pub(super) fn instead_token(&mut self, count: usize, token: Token) {
        self.written.push(token);
        self.at += count;
    }
}
