// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/Engine.h"
#include "services/cases/Notes.h"

#include <cstdint>

namespace dalate::services::cases {

// Models for pages and answers for the service. Labels are text ids, times microseconds, ids text.

/// {moves: [{transition, label, to, toLabel, tone, reason ("none", "optional", "required"), form, by, onBehalf}]}.
Value movesModel(const Engine::Moves& moves);

/// How much of a trail is wanted; as it stands, all of it.
struct TrailPart {
    /// The moves alone (opening included), or the entries behind `behind`, at most `entries` of them.
    bool movesAlone = false;
    std::int64_t behind = 0;
    std::int64_t entries = History::every;
    /// The newest.
    std::int64_t comments = Notes::every;
    /// Whether the chain is reckoned, which reads every entry.
    bool chain = true;
};

/// The trail of a case (办理过程), for the page and for print: {case (as `Case::toValue`), title, stateLabel, stateKind,
/// entries: [{entry, at, act, transition, label, from, fromLabel, to, toLabel, version, who, kind, role, organisation,
/// onBehalf, reason, answers, details, hash}], comments: [{comment, at, who, organisation, internal, text}],
/// attachments: [{file, at, name}], deadlines: [{name, label, startsAt, term, endsAt, provisional, rung, rungs, dueAt,
/// firedAt, endedAt, running, late}], relations: [{relation, account, since}], chain: {whole, entries, head, brokenAt,
/// fault}, commentCount}. What is internal is there only for those who read it (`Rights::readsInternal`). Throws 404
/// `core.case.unknown`.
Value trailModel(Engine& engine, storage::Tx& tx, const Who& who, std::int64_t id, const TrailPart& part = {});

} // namespace dalate::services::cases
