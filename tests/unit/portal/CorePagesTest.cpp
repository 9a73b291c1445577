// SPDX-License-Identifier: Apache-2.0
#include "Workshop.h"

#include "base/Result.h"
#include "portal/PageProgram.h"
#include "portal/QrCode.h"
#include "portal/Svg.h"

#include <Poco/DeflatingStream.h>

#include <cppunit/extensions/HelperMacros.h>

#include <cmath>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

using namespace dalate;
using namespace dalate::portal;
using dalate::portal::test::Workshop;

namespace {

std::filesystem::path source() {
    return DALATE_SOURCE_DIR;
}

std::string readText(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t gzipSize(const std::string& bytes) {
    std::ostringstream out;
    Poco::DeflatingOutputStream gzip(out, Poco::DeflatingStreamBuf::STREAM_GZIP, 9);
    gzip << bytes;
    gzip.close();
    return out.str().size();
}

PageContext fullContext() {
    PageContext context;
    context.personName = "王建国";
    context.organisation = "农牧局";
    context.roles = {"局管理员"};
    context.menu = {{"首页", "/", "home", true}, {"本部门的服务", "/bureau/plugins", "switch", false}};
    context.csrf = "token";
    context.requestId = "01J9Z3K8Q4";
    context.path = "/bureau/plugins?x=1&y=2";
    context.demo = true;
    context.demoAccounts = {{"citizen", "居民", "查看", "user"}};
    context.notices = {{Notice::Kind::success, "已打开"}};
    return context;
}

} // namespace

class CorePagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CorePagesTest);
    CPPUNIT_TEST(everyTemplateRendersItsExampleInEachLanguage);
    CPPUNIT_TEST(everyKeyOfAnExampleIsRead);
    CPPUNIT_TEST(everyFormThatPostsCarriesTheToken);
    CPPUNIT_TEST(everyIconThatIsNamedExists);
    CPPUNIT_TEST(idsAreUniqueAndLabelsFindTheirFields);
    CPPUNIT_TEST(theRibbonStandsOnEveryPageOfADemoAndNowhereElse);
    CPPUNIT_TEST(textsAreCompleteInChineseAndEnglish);
    CPPUNIT_TEST(assetsKeepTheirBudget);
    CPPUNIT_TEST(theStyleSheetUsesLogicalPropertiesOnly);
    CPPUNIT_TEST(colourPairsHaveContrast);
    CPPUNIT_TEST(qrCodesArePlainSvgWithQuietZone);
    CPPUNIT_TEST(qrCodesRefuseWhatTheyCannotHold);
    CPPUNIT_TEST_SUITE_END();

    std::shared_ptr<const TemplateStore> store_ =
        TemplateStore::core(source() / "templates", source() / "runtime/i18n", source() / "runtime/static");

    template <class F>
    void eachPage(F&& look) {
        for (const std::string& name : store_->names())
            for (const Language& language : languages()) {
                PageContext context = fullContext();
                context.language = language.tag;
                look(name, Renderer(store_).page(name, store_->example(name), context));
            }
    }

public:
    void everyTemplateRendersItsExampleInEachLanguage() {
        std::size_t seen = 0;
        eachPage([&](const std::string& name, const std::string& html) {
            ++seen;
            CPPUNIT_ASSERT_MESSAGE(name, html.find("{{") == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(name, html.find("}}") == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(name + " links nowhere", html.find("href=\"\"") == std::string::npos &&
                                                                html.find("href=\"#\"") == std::string::npos);
            if (name.starts_with("pages/") || name.starts_with("errors/")) {
                CPPUNIT_ASSERT_MESSAGE(name, html.find("<html lang=") != std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(name, html.find("<title> ·") == std::string::npos);
                const std::size_t h1 = html.find("<h1");
                CPPUNIT_ASSERT_MESSAGE(name + " has not one h1",
                                       h1 != std::string::npos &&
                                           html.find("<h1", h1 + 1) == std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(name + " is over its 14 KB", gzipSize(html) < 14 * 1024);
            }
        });
        CPPUNIT_ASSERT(seen > 3 * 45);
    }

    // A key that no template reads would be written by the gateway for nothing, or is misspelt in one of the
    // two.
    void everyKeyOfAnExampleIsRead() {
        for (const std::string& name : store_->names()) {
            const std::string text = readText(source() / "templates" / (name + ".mustache"));
            const std::string body = text.substr(text.find("\n}}"));
            for (const ValueView member : store_->example(name)) {
                const std::string key(member.key());
                // Components read the rest of a row's keys in the scope they are included in.
                const bool read = std::regex_search(body, std::regex("[{#^/?@= .]" + key + "[}= \\n.]"));
                CPPUNIT_ASSERT_MESSAGE(name + " does not read " + key,
                                       read || body.find("{{>components/") != std::string::npos);
            }
        }
    }

    void everyFormThatPostsCarriesTheToken() {
        eachPage([&](const std::string& name, const std::string& html) {
            for (std::size_t at = 0; (at = html.find("method=\"post\"", at)) != std::string::npos; ++at) {
                const std::size_t end = html.find("</form>", at);
                CPPUNIT_ASSERT_MESSAGE(name,
                                       html.substr(at, end - at).find("name=\"csrf\" value=\"token\"") !=
                                           std::string::npos);
            }
        });
    }

    void everyIconThatIsNamedExists() {
        const std::string sprite = readText(source() / "runtime/static/icons.svg");
        const std::regex use("icons\\.[0-9a-f]{8}\\.svg#([a-z-]*)\"");
        eachPage([&](const std::string& name, const std::string& html) {
            for (std::sregex_iterator i(html.begin(), html.end(), use), end; i != end; ++i)
                CPPUNIT_ASSERT_MESSAGE(name + " names " + (*i)[1].str(),
                                       sprite.find("id=\"" + (*i)[1].str() + "\"") != std::string::npos);
        });
    }

    void idsAreUniqueAndLabelsFindTheirFields() {
        const std::regex id(" id=\"([^\"]*)\""), reference(" (?:for|aria-labelledby)=\"([^\"]*)\"");
        eachPage([&](const std::string& name, const std::string& html) {
            std::set<std::string> ids;
            for (std::sregex_iterator i(html.begin(), html.end(), id), end; i != end; ++i)
                CPPUNIT_ASSERT_MESSAGE(name + " has twice " + (*i)[1].str(), ids.insert((*i)[1]).second);
            for (std::sregex_iterator i(html.begin(), html.end(), reference), end; i != end; ++i)
                CPPUNIT_ASSERT_MESSAGE(name + " lacks " + (*i)[1].str(), ids.contains((*i)[1]));
        });
    }

    void theRibbonStandsOnEveryPageOfADemoAndNowhereElse() {
        for (const std::string& name : store_->names()) {
            if (!name.starts_with("pages/") && !name.starts_with("errors/")) continue;
            PageContext context = fullContext();
            CPPUNIT_ASSERT_MESSAGE(
                name, Renderer(store_).page(name, store_->example(name), context).find("人物虚构") !=
                          std::string::npos);
            context.demo = false;
            const std::string html = Renderer(store_).page(name, store_->example(name), context);
            CPPUNIT_ASSERT_MESSAGE(name, html.find("人物虚构") == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(name, html.find("/demo/sign-in") == std::string::npos);
        }
    }

    void textsAreCompleteInChineseAndEnglish() {
        for (const Language& language : languages()) {
            const auto gaps = store_->texts().missing("core", language.tag);
            CPPUNIT_ASSERT_MESSAGE(gaps.empty() ? "" : gaps.front(), gaps.empty() || !language.complete);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("no"), store_->texts().reviewed("core", "mn-Mong"));
    }

    void assetsKeepTheirBudget() {
        const std::pair<const char*, std::size_t> budget[]{
            {"portal.css", 11}, {"portal.mjs", 6}, {"icons.svg", 5}, {"logo.svg", 4}};
        std::size_t all = 0;
        for (const auto& [name, kilobytes] : budget) {
            const std::size_t size = gzipSize(readText(source() / "runtime/static" / name));
            CPPUNIT_ASSERT_MESSAGE(name, size > 0 && size <= kilobytes * 1024);
            all += size;
        }
        CPPUNIT_ASSERT(all < 31 * 1024);
    }

    void theStyleSheetUsesLogicalPropertiesOnly() {
        std::string css = std::regex_replace(readText(source() / "runtime/static/portal.css"),
                                             std::regex("/\\*[^*]*\\*/"), "");
        // Conditions of media queries are about the window, which is physical.
        css = std::regex_replace(css, std::regex("@media[^{]*"), "");
        const std::regex physical(
            "[;{ "
            "](?:(?:min-|max-)?(?:width|height)|(?:margin|padding|border|scroll-margin|scroll-padding)-(?:"
            "left|right|top|bottom)[a-z-]*|"
            "left|right|top|bottom|border-(?:top|bottom)-(?:left|right)-radius|clear) *:");
        std::smatch found;
        CPPUNIT_ASSERT_MESSAGE(std::regex_search(css, found, physical) ? found.str() : "",
                               !std::regex_search(css, physical));
        CPPUNIT_ASSERT(!std::regex_search(css, std::regex("(?:text-align|float): *(?:left|right)")));
        CPPUNIT_ASSERT(css.find("url(") == std::string::npos);
    }

    // WCAG 2.2, 1.4.3 and 1.4.11, computed over the token pairs that the rules put together.
    void colourPairsHaveContrast() {
        const std::string css = readText(source() / "runtime/static/portal.css");
        const std::size_t dark = css.find("@media (prefers-color-scheme: dark)");
        const std::string schemes[]{css.substr(0, dark),
                                    css.substr(dark, css.find("@media (prefers-contrast"))};
        const auto luminance = [](const std::string& hex) {
            double sum = 0;
            const double weights[]{0.2126, 0.7152, 0.0722};
            for (std::size_t i = 0; i < 3; ++i) {
                const std::string part = hex.size() == 3 ? std::string(2, hex[i]) : hex.substr(2 * i, 2);
                const double c = std::stoi(part, nullptr, 16) / 255.0;
                sum += weights[i] * (c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
            }
            return sum;
        };
        const std::pair<const char*, const char*> texts[]{
            {"ink", "paper"},          {"ink", "surface"},
            {"ink", "sunken"},         {"ink", "sky"},
            {"soft", "paper"},         {"soft", "surface"},
            {"soft", "sunken"},        {"link", "paper"},
            {"link", "surface"},       {"link", "sunken"},
            {"river", "surface"},      {"river", "sunken"},
            {"river-deep", "surface"}, {"river-deep", "sunken"},
            {"on-river", "river"},     {"on-river", "river-deep"},
            {"good", "good-paper"},    {"warn", "warn-paper"},
            {"bad", "bad-paper"},      {"busy", "busy-paper"},
            {"bad", "surface"},        {"bad", "paper"},
            {"warn", "paper"},         {"slate", "sunken"},
            {"green", "surface"},      {"sand", "surface"},
            {"clay", "surface"},       {"violet", "surface"},
            {"slate", "surface"}};
        const std::pair<const char*, const char*> shapes[]{{"focus", "paper"},  {"focus", "surface"},
                                                           {"focus", "sunken"}, {"focus", "sky"},
                                                           {"edge", "surface"}, {"edge", "paper"}};
        for (const std::string& scheme : schemes) {
            const auto token = [&](const std::string& name) {
                std::smatch found;
                CPPUNIT_ASSERT_MESSAGE(
                    name, std::regex_search(scheme, found, std::regex("--" + name + ": #([0-9a-f]{3,6});")));
                return luminance(found[1]);
            };
            const auto least = [&](const auto& pairs, double ratio) {
                for (const auto& [front, back] : pairs) {
                    double a = token(front), b = token(back);
                    if (a < b) std::swap(a, b);
                    const double contrast = (a + 0.05) / (b + 0.05);
                    CPPUNIT_ASSERT_MESSAGE(std::string(front) + " on " + back + " " +
                                               std::to_string(contrast),
                                           contrast >= ratio);
                }
            };
            least(texts, 4.5);
            least(shapes, 3.0);
        }
    }

    void qrCodesArePlainSvgWithQuietZone() {
        const std::string svg = qrSvg("http://127.0.0.1:8080/01/06901234567892/10/L2407", "标签 <1>");
        CPPUNIT_ASSERT(isPlainSvg(svg));
        CPPUNIT_ASSERT(svg.find("标签 &lt;1&gt;") != std::string::npos);
        // Version 4 at medium holds 62 bytes in 33 modules; four more on each side.
        CPPUNIT_ASSERT_MESSAGE(svg.substr(0, 80), svg.find("viewBox=\"0 0 41 41\"") != std::string::npos);
        CPPUNIT_ASSERT(svg.find("M4 4h7v1h-7z") != std::string::npos);
        CPPUNIT_ASSERT(svg.size() < 8000);
    }

    void qrCodesRefuseWhatTheyCannotHold() {
        CPPUNIT_ASSERT(isPlainSvg(qrSvg(std::string(2331, 'x'), "t")));
        CPPUNIT_ASSERT_THROW(qrSvg(std::string(2332, 'x'), "t"), Error);
        CPPUNIT_ASSERT_THROW(qrSvg("", "t"), Error);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CorePagesTest);
