//! Params that callers' tokens say, and clients do not.

use super::{CompletionFrom, Param, Prompt, Resource, Server, Tool};

impl Param {
    /// Whether it is an argument: clients are told of it, and give it.
    #[must_use]
    pub fn is_argument(&self) -> bool {
        self.claim.is_none()
    }
}

impl Tool {
    /// Whether a call must know who calls: for its params, or for the answers that are kept for each.
    #[must_use]
    pub fn takes_caller(&self) -> bool {
        self.reads_claims()
            || self.cache.is_some_and(|cache| cache.per_client)
            || !super::seen(&self.masks()).is_empty()
    }

    /// Whether params of it are claims.
    #[must_use]
    pub fn reads_claims(&self) -> bool {
        any(&self.params)
    }
}

impl Resource {
    /// Whether reading it must know who reads.
    #[must_use]
    pub fn takes_caller(&self) -> bool {
        self.reads_claims() || !super::seen(&self.masks()).is_empty()
    }

    /// Whether params of it are claims.
    #[must_use]
    pub fn reads_claims(&self) -> bool {
        any(&self.params)
    }
}

impl Prompt {
    /// Whether getting it must know who gets it.
    #[must_use]
    pub fn takes_caller(&self) -> bool {
        self.reads_claims() || !super::seen(&self.masks()).is_empty()
    }

    /// Whether params of it are claims.
    #[must_use]
    pub fn reads_claims(&self) -> bool {
        any(&self.params)
    }
}

impl CompletionFrom {
    /// Other params that it binds.
    #[must_use]
    pub fn others(&self) -> &[Param] {
        match self {
            Self::Choices(_) => &[],
            Self::Sql { others, .. } => others,
        }
    }
}

impl Server {
    /// Every param that is a claim, of whatever it is a param.
    pub fn claimed(&self) -> impl Iterator<Item = &Param> {
        let tools = self.tools.iter().flat_map(|tool| &tool.params);
        let resources = self.resources.iter().flat_map(|resource| &resource.params);
        let prompts = self.prompts.iter().flat_map(|prompt| &prompt.params);
        tools.chain(resources).chain(prompts).filter(|param| !param.is_argument())
    }

    /// Every claim that something asks of callers, once.
    #[must_use]
    pub fn claims(&self) -> Vec<&str> {
        let mut claims = Vec::new();
        for claim in self.claimed().filter_map(|param| param.claim.as_deref()) {
            if !claims.contains(&claim) {
                claims.push(claim);
            }
        }
        claims
    }

    /// Whether a completion asks who wants it.
    #[must_use]
    pub fn completes_for_callers(&self) -> bool {
        let prompts = self.prompts.iter().flat_map(|prompt| &prompt.completions);
        let resources = self.resources.iter().flat_map(|resource| &resource.completions);
        prompts.chain(resources).any(|completion| any(completion.from.others()))
    }
}

fn any(params: &[Param]) -> bool {
    params.iter().any(|param| !param.is_argument())
}
