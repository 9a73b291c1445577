// SPDX-License-Identifier: Apache-2.0
#include "admin/InboxPages.h"

#include "admin/CountyForm.h"
#include "gateway/FormFields.h"
#include "host/PluginHost.h"
#include "services/notices/Outgoing.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <charconv>

namespace dalate::admin {
namespace {

using services::notices::Addresses;
using services::notices::Inbox;
using services::notices::Notice;

constexpr const char* here = "/inbox";
constexpr std::int64_t pageLength = 30;

/// The number of a field; 0 for none, and for what is no id.
std::int64_t idIn(const std::string* text) {
    std::int64_t id = 0;
    if (text == nullptr) return 0;
    const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), id);
    return fault == std::errc() && end == text->data() + text->size() && id > 0 ? id : 0;
}

void demandPerson(const gateway::Visit& visit) {
    if (!visit.who.principal.isPerson()) throw Error(404, "core.request.unknown");
}

} // namespace

void InboxPages::addTo(gateway::Gateway& gateway) {
    using gateway::Visit;
    const std::string role(gateway::CorePage::anybodySignedIn);
    const auto guarded = [](auto answer) {
        return [answer](Visit& visit) {
            demandPerson(visit);
            answer(visit);
        };
    };
    gateway.add({"GET", here, role, guarded([this](Visit& visit) { show(visit); })});
    if (!channels_.empty()) {
        gateway.add({"GET", "/inbox/addresses", role,
                     guarded([this](Visit& visit) { addresses(visit.who).send(pages_, visit); })});
        gateway.add(
            {"POST", "/inbox/addresses", role, guarded([this](Visit& visit) { takeAddresses(visit); })});
    }
    gateway.add({"POST", "/inbox/read", role, guarded([this](Visit& visit) { readAll(visit); })});
    gateway.add({"POST", "/inbox/{id}/open", role, guarded([this](Visit& visit) { open(visit); })});
}

void InboxPages::show(gateway::Visit& visit) const {
    const std::int64_t reader = visit.who.principal.user;
    const std::int64_t before = idIn(gateway::firstOf(visit.query, "before"));
    std::vector<Notice> notices;
    std::int64_t unread = 0;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        notices = Inbox::list(tx, reader, {}, before, pageLength + 1);
        unread = Inbox::unread(tx, reader);
    }
    const bool more = notices.size() > static_cast<std::size_t>(pageLength);
    if (more) notices.pop_back();

    const auto templates = host_.templates();
    const Value model = Value::map([&](MapWriter& m) {
        if (unread > 0 && !notices.empty())
            m.map("unread", [&](MapWriter& all) {
                all.set("count", unread).set("newest", std::to_string(notices.front().id));
            });
        m.list("notices", [&](ListWriter& list) {
            for (const Notice& notice : notices)
                list.map([&](MapWriter& one) {
                    const auto words = wordsOf(notice, templates->texts(), visit.who.language);
                    one.set("subject", words ? words->subject : pages_.text(visit.who, "core.inbox.away"))
                        .set("text", words ? words->text : std::string())
                        .set("time", toLocalMinute(notice.sentAt, utcOffset_))
                        .set("iso", toRfc3339(notice.sentAt))
                        .set("urgent", notice.urgent);
                    if (notice.readAt == 0)
                        one.map("fresh", [&](MapWriter& fresh) {
                            fresh.set("open", std::string(here) + "/" + std::to_string(notice.id) + "/open")
                                .set("label", pages_.text(visit.who, notice.href.empty() ? "core.inbox.mark"
                                                                                         : "core.inbox.open"))
                                .set("subject", words ? words->subject : std::string());
                        });
                    else if (!notice.href.empty())
                        one.set("href", notice.href);
                });
        });
        if (!channels_.empty()) m.set("addresses_href", "/inbox/addresses");
        if (before > 0) m.set("newest_href", here);
        if (more) m.set("older_href", std::string(here) + "?before=" + std::to_string(notices.back().id));
    });
    gateway::PageOrder order;
    order.name = "pages/inbox";
    order.model = model;
    sayDone(order, pages_, visit, "inbox", {"read", "addresses"});
    pages_.send(visit.response, visit.who, order);
}

void InboxPages::open(gateway::Visit& visit) const {
    const std::int64_t id = pathNumber(visit, "id");
    std::optional<Notice> notice;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        notice = Inbox::find(tx, visit.who.principal.user, id);
        if (!notice) throw Error(404, "core.request.unknown");
        Inbox::markRead(tx, visit.who.principal.user, id, now());
        tx.commit();
    }
    goTo(visit, notice->href.empty() ? here : notice->href);
}

void InboxPages::readAll(gateway::Visit& visit) const {
    const std::int64_t newest = idIn(gateway::firstOf(visit.form, "newest"));
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        Inbox::markAllRead(tx, visit.who.principal.user, newest, now());
        tx.commit();
    }
    goTo(visit, here, "read");
}

CountyForm InboxPages::addresses(const gateway::Visitor& who) const {
    const auto word = [&](std::string_view id) { return pages_.text(who, id); };
    CountyForm form(word("core.inbox.addresses"), word("core.inbox.addresses.lead"), "/inbox/addresses",
                    here);
    auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    for (const std::string& channel : channels_) {
        CountyForm::Question question;
        question.name = channel;
        question.label = word("core.inbox.address." + channel);
        question.value = Addresses::of(tx, who.principal.user, channel);
        question.optional = true;
        form.ask(std::move(question));
    }
    return form;
}

void InboxPages::takeAddresses(gateway::Visit& visit) const {
    CountyForm form = addresses(visit.who);
    form.keep(visit);
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        for (const std::string& channel : channels_)
            try {
                Addresses::set(tx, visit.who.principal.user, channel, gateway::sent(visit, channel),
                               visit.who.language);
            } catch (const Error& error) {
                if (error.id() != "core.notice.address") throw;
                form.refuse(channel, pages_.text(visit.who, "core.inbox.address_wrong." + channel));
            }
        if (!form.isWrong()) tx.commit();
    }
    if (form.isWrong()) return form.send(pages_, visit);
    goTo(visit, here, "addresses");
}

} // namespace dalate::admin
