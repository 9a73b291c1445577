// SPDX-License-Identifier: Apache-2.0
//
// One person's way through one form: which page comes next, what is kept between two pages, when it is done.
// Between pages the answers of somebody signed in are a draft (so sign-out or a lost network loses nothing),
// those of a visitor travel in hidden fields. Nothing is believed because an earlier page accepted it: the
// last step judges everything anew.
#pragma once

#include "identity/Principal.h"
#include "portal/Translator.h"
#include "services/forms/Answers.h"
#include "services/forms/Drafts.h"

#include <dalate/value.hpp>

#include <string>
#include <string_view>

namespace dalate::services::forms {

/// Who fills in what, and where the pages stand. Borrowed for the call.
struct Filling {
    const Form& form;
    std::string_view plugin;
    /// See `DraftKey::subject`.
    std::string_view subject;
    const identity::Principal& who;
    const portal::Translator& texts;
    std::string_view language;
    FormTime time;
    /// Path of GET and POST, without a query: "/cases/helpdesk/ticket/open".
    std::string_view action;
    /// Where the first page's back link leads; empty: to `/`.
    std::string_view back;
    /// Of `forms::prefill`; null: none.
    ValueView prefilled;
    MayUseFile mayUseFile;
    /// What the link to the form filled in: a map of lists of texts. It stands over a draft, which may be about
    /// another thing; null: nothing.
    ValueView linked = {};
};

/// A page to be rendered.
struct FormPage {
    /// `pages/form`, `pages/form-question` or `pages/check-answers`.
    std::string_view name;
    Value model;
    /// 200, or 422 where what was sent is refused: then the title begins with the error prefix
    /// (PageOrder::title).
    int status = 200;
    std::string title;
};

/// What came of a post.
struct Outcome {
    enum class Kind {
        show,    ///< render `page`
        go,      ///< 303 to `href`
        saved,   ///< the script's save: 204 with `version` in the header Dalate-Draft
        accepted ///< `answers` are good; the draft is gone with `tx`
    };
    Kind kind = Kind::show;
    FormPage page;
    std::string href;
    std::int64_t version = 0;
    Value answers;
};

/// The page of a GET. `at` is the query parameter of the same name: a field, `check`, or empty for the
/// beginning. A draft of the person is filled in and said so, with a button that throws it away.
FormPage page(storage::Tx& tx, const Filling& filling, std::string_view at);

/// Takes a post; `posted` is a map of lists of texts without `csrf`. `tx` is a write transaction of the
/// caller, who commits it; with Kind::accepted it does what the answers are for in the same one, so a form is
/// accepted and its draft gone, or neither. The page's own fields: `_do` (`next`, `send`, `save`, `keep` by
/// script, `discard`, `at:<field>`), `_at`,
/// `_then`, `_draft` (the version the page was opened with).
/// Throws `Error` 400 `core.form.step` for a `_do` it does not know, and those of `Drafts::save` with `keep`.
Outcome submit(storage::Tx& tx, const Filling& filling, ValueView posted);

} // namespace dalate::services::forms
