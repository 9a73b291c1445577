// SPDX-License-Identifier: Apache-2.0
// One request about cases, as every page of the desk begins: the machine of the path found among what is
// declared and switched on for this visitor, her as the engine wants her, and the words of her language. It
// holds the declarations and texts of one moment, so a page never shows half of an old version and half of a
// new one.
#pragma once

#include "desk/DeskParts.h"
#include "gateway/Asked.h"
#include "gateway/Pages.h"
#include "portal/TemplateStore.h"
#include "services/Declared.h"
#include "services/cases/Case.h"
#include "services/cases/Engine.h"
#include "services/cases/Machine.h"
#include "services/forms/CheckAnswers.h"
#include "services/forms/FormWords.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace dalate::desk {

/// Used by one thread for one request.
class CaseVisit {
public:
    /// Throws 404 `core.request.unknown` where the path names no machine, or its plugin is off for the
    /// visitor.
    CaseVisit(const DeskParts& parts, gateway::Visit& visit);

    /// Somebody who has not signed in is sent to do so; then the page has been answered.
    bool sendsToSignIn();

    const DeskParts& parts() const noexcept { return parts_; }
    gateway::Visit& visit() noexcept { return visit_; }
    const services::Declared& declared() const noexcept { return *declared_; }
    const services::cases::Machine& machine() const noexcept { return *machine_; }
    services::cases::Who who();
    /// Runs what waits for the commit.
    void committed();

    /// Whether the machine lets her open a case, signed in as she is now.
    bool mayOpen(storage::Tx& tx);
    /// The case of the path. Throws 404 `core.case.unknown` where she may not see it, or it is another
    /// machine's.
    services::cases::Case find(storage::Tx& tx);

    std::string text(std::string_view id, ValueView values = {}) const;
    /// `2026-11-23 18:00` in the county's time.
    std::string time(Micros at) const;
    /// The words of the plugin's forms under the rules of that moment.
    services::forms::FormWords words(Micros rulesAt) const;
    services::forms::FormTime formTime(Micros rulesAt) const;
    const portal::Translator& texts() const noexcept { return templates_->texts(); }

    /// `/cases/hotline/call`, and of one case `/cases/hotline/call/715…`.
    std::string listPath() const;
    std::string casePath(std::int64_t id) const;

    /// Sends a page of the core.
    void send(const gateway::PageOrder& order);
    /// 303, with a word for the page that comes.
    void goTo(const std::string& path, std::string_view done = {});
    /// The notice `core.cases.done.<word>` on a page that was come to by `goTo`.
    void sayDone(gateway::PageOrder& order) const;

private:
    const DeskParts& parts_;
    gateway::Visit& visit_;
    std::shared_ptr<const services::Declared> declared_;
    const services::cases::Machine* machine_ = nullptr;
    std::shared_ptr<const portal::TemplateStore> templates_;
    services::AfterCommit after_;
};

using gateway::pathNumber;
using gateway::pathParameter;
using gateway::sent;

/// 303 to the sign-in page, which comes back here.
void sendToSignIn(gateway::Visit& visit);

/// A state in the words and the colour of components/status: {kind, text}.
void writeState(MapWriter& m, std::string_view key, const services::cases::State* state,
                std::string_view text);

} // namespace dalate::desk
