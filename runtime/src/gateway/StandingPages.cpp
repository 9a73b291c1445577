// SPDX-License-Identifier: Apache-2.0
#include "gateway/StandingPages.h"

#include "gateway/FormFields.h"
#include "gateway/RequestTarget.h"
#include "portal/QrCode.h"
#include "portal/Translator.h"

#include <dalate/abi.h>

namespace dalate::gateway {
namespace {

std::string_view tagsOf(const Visit& visit) {
    return visit.request.header("If-None-Match").value_or(std::string_view());
}

} // namespace

void StandingPages::addTo(CorePages& pages) {
    const auto plain = [this](std::string path, std::string name) {
        return CorePage{"GET", std::move(path), {}, [this, name](Visit& visit) {
                            const Value model = Value::map();
                            PageOrder order;
                            order.name = name;
                            order.model = model;
                            pages_.send(visit.response, visit.who, order, tagsOf(visit));
                        }};
    };
    pages.add({"GET", "/", {}, [this](Visit& visit) { home(visit); }});
    pages.add({"GET", "/preferences", {}, [this](Visit& visit) { preferences(visit); }});
    pages.add({"GET", "/developers", {}, [this](Visit& visit) { developers(visit); }});
    pages.add(plain("/accessibility", "pages/accessibility"));
    pages.add(plain("/privacy", "pages/privacy"));
}

void StandingPages::home(Visit& visit) const {
    const auto offers = pages_.offers(visit.who);
    const auto counts = pages_.counts(visit.who, offers);
    const Value model = Value::map([&](MapWriter& m) {
        m.list("tiles", [&](ListWriter& tiles) {
            for (std::size_t i = 0; i < offers.size(); ++i) {
                const Pages::Entry& entry = offers[i];
                if (!entry.tile) continue;
                tiles.map([&](MapWriter& tile) {
                    tile.set("href", entry.href)
                        .set("icon", entry.icon)
                        .set("label", entry.label)
                        .set("description", entry.note)
                        .set("tone", entry.tone);
                    if (!counts[i].number.empty())
                        tile.set("count", counts[i].number).set("count_label", counts[i].label);
                });
            }
        });
        m.set("has_labels", !config_.demoLabels.empty());
        m.list("labels", [&](ListWriter& labels) {
            for (const DemoLabel& label : config_.demoLabels)
                labels.map([&](MapWriter& row) {
                    const std::string name = pages_.text(visit.who, label.label);
                    row.set("href", label.href)
                        .set("label", name)
                        .set("description", pages_.text(visit.who, label.note))
                        .set("html_qr", portal::qrSvg(visit.who.origin + label.href, name));
                });
        });
    });
    PageOrder order;
    order.name = "pages/home";
    order.model = model;
    order.holdsForm = config_.demo;
    pages_.send(visit.response, visit.who, order, tagsOf(visit));
}

void StandingPages::preferences(Visit& visit) const {
    if (const std::string* language = firstOf(visit.query, "language");
        language && portal::isLanguage(*language))
        visit.response.add("Set-Cookie", Cookies::setPreference(Cookies::language, *language, visit.who.way));
    if (const std::string* elder = firstOf(visit.query, "elder");
        elder && (*elder == "on" || *elder == "off"))
        visit.response.add("Set-Cookie", Cookies::setPreference(Cookies::elder, *elder, visit.who.way));
    setSecurityHeaders(visit.response, visit.who);
    const std::string* back = firstOf(visit.query, "back");
    redirect(visit.response, localPathOr(back ? *back : std::string_view("/")));
}

void StandingPages::developers(Visit& visit) const {
    const Value model = Value::map([&](MapWriter& m) {
        m.set("abi", std::to_string(DALATE_ABI_MAJOR) + "." + std::to_string(DALATE_ABI_MINOR));
        m.set("version", config_.version);
    });
    PageOrder order;
    order.name = "pages/developers";
    order.model = model;
    pages_.send(visit.response, visit.who, order, tagsOf(visit));
}

} // namespace dalate::gateway
