// SPDX-License-Identifier: Apache-2.0
#include "support/SmtpServer.h"
#include "unit/services_notices/NoticesFixture.h"

#include "base/Json.h"
#include "portal/TemplateStore.h"
#include "services/notices/MailChannel.h"
#include "services/notices/Sender.h"
#include "services/notices/SmsFile.h"

#include <Poco/Base64Decoder.h>

#include <functional>
#include <iterator>
#include <sstream>

using namespace dalate;
using namespace dalate::services::notices;
using dalate::test::NoticesFixture;
using dalate::testing::SmtpServer;

namespace {

using Fixture = NoticesFixture;

std::string decoded(const std::string& base64) {
    std::istringstream in(base64);
    Poco::Base64Decoder decoder(in);
    return std::string(std::istreambuf_iterator<char>(decoder), {});
}

std::string refusal(const std::function<void()>& call) {
    return Fixture::refusal(call);
}

/// Keeps letters, or throws what the test says.
class FakeChannel : public Channel {
public:
    struct Book {
        std::vector<Letter> letters;
        int status = 0;
        std::function<void()> meanwhile;
    };
    explicit FakeChannel(Book& book) : book_(book) {}
    std::string_view name() const noexcept override { return "sms"; }
    void deliver(const Letter& letter) override {
        if (book_.status != 0) throw Error(book_.status, "test.refused");
        book_.letters.push_back(letter);
        if (book_.meanwhile) book_.meanwhile();
    }

private:
    Book& book_;
};

MailChannel::Options mailOptions(std::uint16_t port) {
    MailChannel::Options options;
    options.host = "127.0.0.1";
    options.port = port;
    options.from = "portal@county.example";
    options.fromName = "旗政务服务";
    options.timeout = std::chrono::milliseconds(3000);
    return options;
}

Letter letter() {
    return {"notice-7", "li@mail.example", "HD-7 已办结", "您的报修已处理完毕。",
            "https://portal.example/cases/7"};
}

} // namespace

class OutgoingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OutgoingTest);
    CPPUNIT_TEST(aLetterIsQueuedExactlyWithItsNotice);
    CPPUNIT_TEST(quietHoursHoldWhatCanWait);
    CPPUNIT_TEST(quietHoursAreReadStrictly);
    CPPUNIT_TEST(eachLetterGoesOnceInItsReadersLanguage);
    CPPUNIT_TEST(whatADeadSenderTookIsSentByTheNext);
    CPPUNIT_TEST(aNewProcessTakesBackWhatItsNodeHadTaken);
    CPPUNIT_TEST(aCrashAfterTheServersWordSendsTheSameIdAgain);
    CPPUNIT_TEST(aServerThatIsAwayIsAskedAgainAndNotForEver);
    CPPUNIT_TEST(aRefusedLetterIsGivenUp);
    CPPUNIT_TEST(lettersWaitForThePluginsWords);
    CPPUNIT_TEST(aMailReachesTheServerWhole);
    CPPUNIT_TEST(aMailServersRefusalsAreToldApart);
    CPPUNIT_TEST(nothingLeavesAMailsFields);
    CPPUNIT_TEST(textMessagesAreLinesOfAFile);
    CPPUNIT_TEST(addressesAreReadStrictly);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<Fixture> f;
    std::unique_ptr<Notices> notices;
    FakeChannel::Book book;
    std::shared_ptr<const portal::TemplateStore> texts;
    plugin::NoticeRule kind{"k", "core.inbox.unread", "core.inbox.none.text", false};

public:
    void setUp() override {
        f = std::make_unique<Fixture>();
        notices =
            std::make_unique<Notices>([this] { return f->clock; },
                                      Notices::Ways{{"sms"}, QuietHours::parse("21:30-08:00", 480).take()});
        const std::filesystem::path root = DALATE_SOURCE_DIR;
        texts =
            portal::TemplateStore::core(root / "templates", root / "runtime/i18n", root / "runtime/static");
        f->db.write([](storage::Tx& tx) { Addresses::set(tx, 4, "sms", "+8613800000000", "en"); });
    }
    void tearDown() override {
        notices.reset();
        f.reset();
    }

    std::unique_ptr<Sender> sender() {
        Sender::Options options;
        options.channels.push_back(std::make_unique<FakeChannel>(book));
        options.templates = [this] { return texts; };
        options.baseUrl = "https://portal.example";
        options.clock = [this] { return f->clock; };
        return std::make_unique<Sender>(f->db.pool(), std::move(options));
    }
    void tell(std::string_view key, std::string_view href = "/cases/7") {
        const Value values = Value::map([&](MapWriter& m) { m.set("count", key).set("href", href); });
        f->db.write([&](storage::Tx& tx) {
            notices->send(tx, {"desk", Fixture::person(4), kind, values, key});
        });
    }
    std::string state(const char* column = "state") {
        return f->db.read([&](storage::Tx& tx) {
            auto rows =
                tx.query("SELECT state, attempts, due_at, error FROM notice_outgoing ORDER BY notice");
            return rows.next() ? std::string(rows.text(rows.column(column))) : std::string("none");
        });
    }
    std::int64_t rows() {
        return f->db.read([](storage::Tx& tx) {
            auto count = tx.query("SELECT COUNT(*) FROM notice_outgoing");
            count.next();
            return count.integer(0);
        });
    }

    void aLetterIsQueuedExactlyWithItsNotice() {
        {
            auto lease = f->db.pool().lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            notices->send(tx, {"desk", Fixture::person(4), kind, {}, "k"});
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rows());
        tell("k");
        tell("k");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rows());
        // Whoever has no address is told in the inbox alone.
        f->db.write([&](storage::Tx& tx) {
            notices->send(tx, {"desk", Fixture::role("agent", 0), kind, {}, "k2"});
        });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->unread(1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rows());
    }

    void quietHoursHoldWhatCanWait() {
        const auto quiet = QuietHours::parse("21:30-08:00", 480).take();
        const Micros noon = Fixture::noon, hour = Fixture::hour, midnight = noon + 12 * hour,
                     morning = noon + 20 * hour;
        CPPUNIT_ASSERT_EQUAL(noon, quiet.sendAt(noon));
        CPPUNIT_ASSERT_EQUAL(midnight - 3 * hour, quiet.sendAt(midnight - 3 * hour)); // 21:00
        CPPUNIT_ASSERT_EQUAL(morning, quiet.sendAt(midnight - 5 * hour / 2));         // 21:30
        CPPUNIT_ASSERT_EQUAL(morning, quiet.sendAt(midnight));
        CPPUNIT_ASSERT_EQUAL(morning, quiet.sendAt(morning - 1));
        CPPUNIT_ASSERT_EQUAL(morning, quiet.sendAt(morning));
        const auto siesta = QuietHours::parse("12:00-14:00", 480).take();
        CPPUNIT_ASSERT_EQUAL(noon + 2 * hour, siesta.sendAt(noon));
        CPPUNIT_ASSERT_EQUAL(noon - 1, siesta.sendAt(noon - 1));
        CPPUNIT_ASSERT_EQUAL(midnight, QuietHours().sendAt(midnight));

        f->clock = midnight;
        tell("waits");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->unread(4));
        const auto thread = sender();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, thread->sendDue());
        kind.urgent = true;
        tell("urgent");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, thread->sendDue());
        f->clock = morning;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, thread->sendDue());
    }

    void quietHoursAreReadStrictly() {
        CPPUNIT_ASSERT(bool(QuietHours::parse("", 480)));
        for (const char* bad : {"21:30", "21:30-8:00", "24:00-08:00", "21:60-08:00", "21:30-08:00 ",
                                "2130-0800", "ab:cd-ef:gh", "21:30_08:00"})
            CPPUNIT_ASSERT_MESSAGE(bad, !QuietHours::parse(bad, 480));
    }

    void eachLetterGoesOnceInItsReadersLanguage() {
        tell("3");
        const auto thread = sender();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, thread->sendDue());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, thread->sendDue());
        const Letter& got = book.letters.at(0);
        CPPUNIT_ASSERT_EQUAL(std::string("3 not read yet"), got.subject);
        CPPUNIT_ASSERT_EQUAL(std::string("https://portal.example/cases/7"), got.link);
        CPPUNIT_ASSERT_EQUAL(std::string("+8613800000000"), got.to);
        CPPUNIT_ASSERT_EQUAL(std::string("sent"), state());
    }

    void whatADeadSenderTookIsSentByTheNext() {
        tell("1");
        const auto dead = f->db.write(
            [&](storage::Tx& tx) { return Outgoing::take(tx, "sms", "dead", f->clock, f->clock + 1000); });
        CPPUNIT_ASSERT(dead);
        const auto thread = sender();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, thread->sendDue());
        f->clock += 1000;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, thread->sendDue());
        // The dead one comes back too late to say anything.
        f->db.write([&](storage::Tx& tx) {
            CPPUNIT_ASSERT(!Outgoing::sent(tx, *dead, "dead", f->clock));
            CPPUNIT_ASSERT(!Outgoing::later(tx, *dead, "dead", f->clock, true, "x"));
            CPPUNIT_ASSERT(!Outgoing::failed(tx, *dead, "dead", f->clock, "x"));
        });
        CPPUNIT_ASSERT_EQUAL(std::string("sent"), state());
    }

    void aNewProcessTakesBackWhatItsNodeHadTaken() {
        tell("1");
        f->db.write([&](storage::Tx& tx) {
            CPPUNIT_ASSERT(Outgoing::take(tx, "sms", "n3-dead", f->clock, f->clock + Fixture::day));
            Outgoing::takeBack(tx, "n4-");
            CPPUNIT_ASSERT(!Outgoing::isDue(tx, "sms", f->clock));
            Outgoing::takeBack(tx, "n3-");
            CPPUNIT_ASSERT(Outgoing::isDue(tx, "sms", f->clock));
        });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, sender()->sendDue());
    }

    void aCrashAfterTheServersWordSendsTheSameIdAgain() {
        tell("1");
        // The first sender is killed between the other side's word and its own commit: the exception leaves
        // it there.
        book.meanwhile = [] { throw std::runtime_error("killed"); };
        const auto first = sender();
        CPPUNIT_ASSERT_THROW(first->sendDue(), std::runtime_error);
        CPPUNIT_ASSERT_EQUAL(std::string("queued"), state());
        book.meanwhile = nullptr;
        f->clock += Fixture::hour;
        const auto second = sender();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, second->sendDue());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, book.letters.size());
        CPPUNIT_ASSERT_EQUAL(book.letters[0].id, book.letters[1].id);
    }

    void aServerThatIsAwayIsAskedAgainAndNotForEver() {
        tell("1");
        book.status = 503;
        const auto thread = sender();
        Micros pause = 0;
        for (std::int64_t attempt = 1; attempt <= Outgoing::mostAttempts; ++attempt) {
            CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, thread->sendDue());
            CPPUNIT_ASSERT_EQUAL(std::to_string(attempt), state("attempts"));
            if (attempt == Outgoing::mostAttempts) break;
            CPPUNIT_ASSERT_EQUAL(std::string("queued"), state());
            const Micros next = std::stoll(state("due_at")) - f->clock;
            CPPUNIT_ASSERT(next > pause || next == Fixture::hour);
            pause = next;
            // Not before its time.
            thread->sendDue();
            CPPUNIT_ASSERT_EQUAL(std::to_string(attempt), state("attempts"));
            f->clock += next;
        }
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), state());
        CPPUNIT_ASSERT_EQUAL(std::string("test.refused"), state("error"));
    }

    void aRefusedLetterIsGivenUp() {
        tell("1");
        book.status = 422;
        const auto thread = sender();
        thread->sendDue();
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), state());
        book.status = 0;
        f->clock += Fixture::day;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, thread->sendDue());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->unread(4));
    }

    void lettersWaitForThePluginsWords() {
        kind.subject = "gone.subject";
        tell("1");
        const auto thread = sender();
        for (int i = 0; i < 20; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, thread->sendDue());
            f->clock += Fixture::hour;
        }
        CPPUNIT_ASSERT_EQUAL(std::string("queued"), state());
        CPPUNIT_ASSERT_EQUAL(std::string("0"), state("attempts"));
        CPPUNIT_ASSERT(book.letters.empty());
    }

    void aMailReachesTheServerWhole() {
        SmtpServer server;
        MailChannel(mailOptions(server.port())).deliver(letter());
        const auto received = server.received();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, received.size());
        CPPUNIT_ASSERT_EQUAL(std::string("<portal@county.example>"), received[0].from);
        CPPUNIT_ASSERT_EQUAL(std::string("<li@mail.example>"), received[0].to);
        const std::string& data = received[0].data;
        CPPUNIT_ASSERT_MESSAGE(data,
                               data.find("\nMessage-ID: <notice-7@county.example>\n") != std::string::npos);
        const std::string text = decoded(data.substr(data.find("\n\n") + 2));
        CPPUNIT_ASSERT_EQUAL(std::string("您的报修已处理完毕。\r\n\r\nhttps://portal.example/cases/7\r\n"),
                             text);
        const std::size_t at = data.find("Subject: =?UTF-8?B?") + 19;
        CPPUNIT_ASSERT_EQUAL(std::string("HD-7 已办结"), decoded(data.substr(at, data.find("?=", at) - at)));
    }

    void aMailServersRefusalsAreToldApart() {
        const auto refused = [](std::uint16_t port) {
            return refusal([&] { MailChannel(mailOptions(port)).deliver(letter()); });
        };
        std::uint16_t closed = 0;
        {
            SmtpServer server;
            closed = server.port();
            server.atRecipient = "550 no such box";
            CPPUNIT_ASSERT_EQUAL(std::string("core.notice.mail_refused"), refused(closed));
            server.atRecipient = "451 later";
            CPPUNIT_ASSERT_EQUAL(std::string("core.notice.mail"), refused(closed));
            server.atRecipient = "250 fine";
            server.atEnd = "452 no room";
            CPPUNIT_ASSERT_EQUAL(std::string("core.notice.mail"), refused(closed));
            CPPUNIT_ASSERT(server.received().empty());
        }
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.mail"), refused(closed));
    }

    void nothingLeavesAMailsFields() {
        Letter bad = letter();
        bad.subject = "a\r\nBcc: all@mail.example\r\n\r\nbody";
        bad.text = std::string("\r\n.\r\nMAIL FROM:<x@y>\r\n") + std::string(5000, 'x');
        const std::string text = mailText(bad, mailOptions(25), Fixture::noon);
        CPPUNIT_ASSERT(text.find("Bcc") == std::string::npos && text.find("MAIL FROM") == std::string::npos);
        bad.subject.clear();
        for (int i = 0; i < 100; ++i)
            bad.subject += "办";
        std::istringstream lines(mailText(bad, mailOptions(25), Fixture::noon));
        std::string subject;
        for (std::string line; std::getline(lines, line);) {
            CPPUNIT_ASSERT_MESSAGE(line, line.size() <= 77 + 9);
            const std::size_t at = line.find("=?UTF-8?B?");
            if (at == std::string::npos || line.rfind("From", 0) == 0) continue;
            const std::string part = decoded(line.substr(at + 10, line.find("?=", at + 10) - at - 10));
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, part.size() % 3);
            subject += part;
        }
        CPPUNIT_ASSERT_EQUAL(bad.subject, subject);
        SmtpServer server;
        MailChannel(mailOptions(server.port())).deliver(bad);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.received().size());
    }

    void textMessagesAreLinesOfAFile() {
        const auto file = f->db.folder() / "sms.jsonl";
        SmsFile sms(file);
        sms.deliver(letter());
        sms.deliver(letter());
        std::ifstream in(file);
        std::string line;
        int lines = 0;
        while (std::getline(in, line)) {
            const Value record = json::parse(line).take();
            CPPUNIT_ASSERT_EQUAL(std::string("notice-7"), record["id"].asText());
            CPPUNIT_ASSERT_EQUAL(std::string("HD-7 已办结：您的报修已处理完毕。"), record["text"].asText());
            ++lines;
        }
        CPPUNIT_ASSERT_EQUAL(2, lines);
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.sms_file"),
                             refusal([&] { SmsFile(f->db.folder() / "none/sms.jsonl").deliver(letter()); }));
    }

    void addressesAreReadStrictly() {
        const auto set = [&](std::string_view channel, std::string_view address) {
            return refusal([&] {
                f->db.write([&](storage::Tx& tx) { Addresses::set(tx, 1, channel, address, "zh-CN"); });
            });
        };
        for (const char* bad :
             {"li", "@x", "li@", "a@b@c", "li@x\r\nRCPT TO:<y@z>", "li @x", "<li@x>", "李@x", "a,b@x"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("core.notice.address"), set("mail", bad));
        for (const char* bad : {"1234", "+12", "138-0000", "1234567890123456", "++8613800000000", "abcde"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("core.notice.address"), set("sms", bad));
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.address"), set("pigeon", "12345"));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing"), set("mail", "li.na@mail.example"));
        const auto now = [&] {
            return f->db.read([](storage::Tx& tx) { return Addresses::of(tx, 1, "mail"); });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("li.na@mail.example"), now());
        CPPUNIT_ASSERT_EQUAL(std::string("nothing"), set("mail", ""));
        CPPUNIT_ASSERT_EQUAL(std::string(), now());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OutgoingTest);
