// SPDX-License-Identifier: Apache-2.0
#include "services/files/FileStore.h"
#include "services/files/Orphans.h"
#include "services/files/Verify.h"
#include "support/FormData.h"
#include "unit/identity/TestDatabase.h"

#include <cppunit/extensions/HelperMacros.h>

#include <array>
#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

using namespace dalate;
using namespace dalate::services::files;
using dalate::testing::pdfFile;
using dalate::testing::pngFile;

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

template <class F>
std::string faultOf(F&& act) {
    try {
        act();
    } catch (const Error& error) {
        return std::to_string(error.status()) + " " + error.id();
    }
    return {};
}

identity::Principal person(std::int64_t user, std::int64_t organisation = 0,
                           std::vector<std::string> roles = {}) {
    identity::Principal who;
    who.kind = identity::Principal::Kind::person;
    who.user = user;
    who.organisation = organisation;
    who.roles = std::move(roles);
    return who;
}

std::size_t filesIn(const fs::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        count += entry.is_regular_file();
    return count;
}

std::string contentOf(Blobs::Opened opened) {
    std::string bytes(opened.size, '\0');
    CPPUNIT_ASSERT_EQUAL(static_cast<ssize_t>(opened.size),
                         ::pread(opened.file.get(), bytes.data(), bytes.size(), 0));
    return bytes;
}

} // namespace

class FileStoreTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FileStoreTest);
    CPPUNIT_TEST(whatIsKeptIsFoundAsItWas);
    CPPUNIT_TEST(equalBytesLieThereOnce);
    CPPUNIT_TEST(aTransactionGivenUpLeavesNoRow);
    CPPUNIT_TEST(whoMayReadIsDecidedByObject);
    CPPUNIT_TEST(quotasHold);
    CPPUNIT_TEST(aPluginTouchesItsOwnFilesOnly);
    CPPUNIT_TEST(whatIsNotNamedLeavesItsObject);
    CPPUNIT_TEST(filesAreFoundBelowAPrefixOfEveryPlugin);
    CPPUNIT_TEST(aTokenReadsFilesOfItsOwnPluginOnly);
    CPPUNIT_TEST(orphansGoAndNothingElse);
    CPPUNIT_TEST(whatIsHeldIsNotCollected);
    CPPUNIT_TEST(verifyingNamesEachFault);
    CPPUNIT_TEST(aFullDiskLeavesNothingBehindAndHeals);
    CPPUNIT_TEST(picturesAreDrawnAnew);
    CPPUNIT_TEST(aPdfHasAPictureOfItsFirstPage);
    CPPUNIT_TEST(nothingIsTakenInsideATransaction);
    CPPUNIT_TEST_SUITE_END();

    test::TestDatabase database_;
    fs::path folder_ = database_.folder() / "files";
    FileStore store_{options()};
    const identity::Principal owner_ = person(7, 3);

    FileStore::Options options() const {
        FileStore::Options options;
        options.folder = folder_;
        options.intake.maxBytes = 1 << 20;
        options.intake.pictures.program = fs::path(DALATE_BINARY_DIR) / "runtime/dalate-picture";
        options.intake.pdftoppm = "/usr/bin/pdftoppm";
        options.quotas.account = 3000;
        return options;
    }
    Upload text(std::string_view bytes, std::string_view name = "a.txt") {
        return store_.take({"f", name, "text/plain", bytes});
    }
    std::int64_t kept(const Upload& upload, Visibility visibility = Visibility::owner,
                      std::string_view object = "box/1") {
        return database_.write([&](storage::Tx& tx) {
            return store_.keep(tx, upload, {"drop", object, visibility, owner_});
        });
    }
    std::optional<File> found(std::int64_t id) {
        return database_.read([&](storage::Tx& tx) { return store_.find(tx, id); });
    }
    bool reads(const identity::Principal& who, std::int64_t id) {
        return database_.read([&](storage::Tx& tx) { return store_.mayRead(tx, who, *store_.find(tx, id)); });
    }

public:
    void whatIsKeptIsFoundAsItWas() {
        const Upload upload = text("hello", "  Zu\xcc\x88rich 大.txt ");
        const std::int64_t id = kept(upload, Visibility::object);
        const auto file = found(id);
        CPPUNIT_ASSERT(file);
        CPPUNIT_ASSERT_EQUAL(std::string("Z\xc3\xbcrich 大.txt"), file->name);
        CPPUNIT_ASSERT_EQUAL(std::string("text/plain"), file->type);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(5), file->size);
        CPPUNIT_ASSERT_EQUAL(std::string("drop box/1 7 3"), file->plugin + " " + file->object + " " +
                                                                std::to_string(file->ownerUser) + " " +
                                                                std::to_string(file->ownerOrganisation));
        CPPUNIT_ASSERT(file->visibility == Visibility::object);
        CPPUNIT_ASSERT_EQUAL(std::string("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
                             file->sha256);
        CPPUNIT_ASSERT(fs::exists(folder_ / "2c/f2" / file->sha256));
        CPPUNIT_ASSERT_EQUAL(std::string("hello"), contentOf(store_.open(*file)));
        struct stat status {};
        ::stat(store_.blobs().pathOf(file->sha256).c_str(), &status);
        CPPUNIT_ASSERT_EQUAL(0u, status.st_mode & 07133);
        CPPUNIT_ASSERT(!found(id + 1));
    }

    void equalBytesLieThereOnce() {
        const auto first = kept(text("same")), second = kept(text("same", "b.txt"));
        CPPUNIT_ASSERT(first != second);
        CPPUNIT_ASSERT_EQUAL(found(first)->sha256, found(second)->sha256);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), filesIn(folder_));
        const auto of = database_.read([&](storage::Tx& tx) { return store_.of(tx, "drop", "box/1"); });
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), of.size());
        CPPUNIT_ASSERT(of[0].id == first && of[1].name == "b.txt");
    }

    void aTransactionGivenUpLeavesNoRow() {
        const Upload upload = text("given up");
        std::int64_t id = 0;
        {
            auto lease = database_.pool().lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            id = store_.keep(tx, upload, {"drop", "box/1", Visibility::owner, owner_});
        }
        CPPUNIT_ASSERT(!found(id));
        for (const std::string object : {"", "a b", "a\nb"})
            CPPUNIT_ASSERT_EQUAL(std::string("400 core.file.object"),
                                 faultOf([&] { kept(upload, Visibility::owner, object); }));
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.file.visibility"), faultOf([] { visibilityOf("all"); }));
        for (const char* word : {"owner", "organisation", "case", "object", "public"})
            CPPUNIT_ASSERT_EQUAL(std::string(word), std::string(nameOf(visibilityOf(word))));
    }

    void whoMayReadIsDecidedByObject() {
        const Upload upload = text("x");
        const auto own = kept(upload), organisation = kept(upload, Visibility::organisation),
                   ofCase = kept(upload, Visibility::caseReaders, "case/1"),
                   open = kept(upload, Visibility::open);
        const identity::Principal nobody, colleague = person(8, 3, {"clerk"}),
                                          citizen = person(9, 3, {"citizen"}),
                                          other = person(10, 4, {"clerk"});
        for (const auto id : {own, organisation, ofCase, open}) {
            CPPUNIT_ASSERT(reads(owner_, id));
            CPPUNIT_ASSERT_EQUAL(id == open, reads(nobody, id));
            CPPUNIT_ASSERT_EQUAL(id == open, reads(other, id));
            CPPUNIT_ASSERT_EQUAL(id == open, reads(citizen, id));
            CPPUNIT_ASSERT_EQUAL(id == open || id == organisation, reads(colleague, id));
        }
        store_.readers(Visibility::caseReaders,
                       [](storage::Tx&, const identity::Principal& who, const File& file) {
                           return who.user == 10 && file.object == "case/1";
                       });
        CPPUNIT_ASSERT(reads(other, ofCase) && !reads(colleague, ofCase) && !reads(nobody, ofCase));
        // Nobody in particular brought it: that nobody is not its owner.
        identity::Principal zero = person(0);
        const auto ownerless = database_.write([&](storage::Tx& tx) {
            return store_.keep(tx, upload, {"drop", "box/1", Visibility::owner, identity::Principal{}});
        });
        CPPUNIT_ASSERT(!reads(zero, ownerless) && !reads(nobody, ownerless) && !reads(colleague, ownerless));
    }

    void quotasHold() {
        kept(text(std::string(2000, 'a')));
        CPPUNIT_ASSERT_EQUAL(std::string("413 core.file.quota"),
                             faultOf([&] { kept(text(std::string(1001, 'b'))); }));
        kept(text(std::string(1000, 'b')));
        FileStore::Options narrow = options();
        narrow.quotas.leaveFree = ~std::uint64_t{0} >> 1;
        FileStore full(narrow);
        CPPUNIT_ASSERT_EQUAL(std::string("507 core.file.no_space"), faultOf([&] {
                                 full.take({"f", "a.txt", "", "x"});
                             }));
    }

    void aPluginTouchesItsOwnFilesOnly() {
        const auto id = kept(text("x"));
        database_.write([&](storage::Tx& tx) {
            CPPUNIT_ASSERT(!store_.remove(tx, "other", id));
            CPPUNIT_ASSERT(!store_.hand(tx, "other", id, "box/2", Visibility::open));
            CPPUNIT_ASSERT(store_.of(tx, "other", "box/1").empty());
            CPPUNIT_ASSERT(store_.hand(tx, "drop", id, "case/2", Visibility::caseReaders));
        });
        CPPUNIT_ASSERT_EQUAL(std::string("case/2"), found(id)->object);
        CPPUNIT_ASSERT(database_.write([&](storage::Tx& tx) { return store_.remove(tx, "drop", id); }));
        CPPUNIT_ASSERT(!found(id));
    }

    void whatIsNotNamedLeavesItsObject() {
        const auto a = kept(text("a")), b = kept(text("b")), c = kept(text("c")),
                   far = kept(text("d"), Visibility::owner, "box/2");
        const std::array<std::int64_t, 2> named{b, far};
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), database_.write([&](storage::Tx& tx) {
            return FileStore::removeBut(tx, "drop", "box/1", named);
        }));
        CPPUNIT_ASSERT(!found(a) && found(b) && !found(c) && found(far));
        // What left counts no more.
        CPPUNIT_ASSERT(found(kept(text(std::string(2990, 'x')))));
    }

    void filesAreFoundBelowAPrefixOfEveryPlugin() {
        const Upload upload = text("t");
        database_.write([&](storage::Tx& tx) {
            for (const char* plugin : {"alpha", "drop", "zeta"})
                for (const char* object : {"draft/7/open/a", "draftsman", "case/1", "draft"})
                    store_.keep(tx, upload, {plugin, object, Visibility::owner, owner_});
        });
        database_.read([&](storage::Tx& tx) {
            std::string all;
            for (const File& file : FileStore::below(tx, "draft/", now() + 1))
                all += file.plugin + " " + file.object + ", ";
            CPPUNIT_ASSERT_EQUAL(
                std::string("alpha draft/7/open/a, drop draft/7/open/a, zeta draft/7/open/a, "), all);
            CPPUNIT_ASSERT(FileStore::below(tx, "draft/", 1).empty());
        });
    }

    void aTokenReadsFilesOfItsOwnPluginOnly() {
        const auto id = kept(text("x"), Visibility::organisation);
        identity::Principal token;
        token.kind = identity::Principal::Kind::token;
        token.token = 9;
        token.organisation = owner_.organisation;
        token.tokenPlugin = "drop";
        CPPUNIT_ASSERT(reads(token, id));
        token.tokenPlugin = "other";
        CPPUNIT_ASSERT(!reads(token, id));
    }

    void orphansGoAndNothingElse() {
        const auto id = kept(text("kept"));
        text("not kept");
        std::ofstream(folder_ / "tmp/left") << "half";
        std::ofstream(folder_ / "somebody's note") << "not ours";
        CPPUNIT_ASSERT_EQUAL(std::size_t(0),
                             collectOrphans(store_, database_.pool(), milliseconds(3600000)).blobs);
        std::this_thread::sleep_for(milliseconds(20));
        const Collected done = collectOrphans(store_, database_.pool(), milliseconds(5));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), done.blobs);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t(12), done.bytes);
        CPPUNIT_ASSERT_EQUAL(std::string("kept"), contentOf(store_.open(*found(id))));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), filesIn(folder_));
    }

    void whatIsHeldIsNotCollected() {
        auto upload = std::make_unique<Upload>(text("held"));
        std::this_thread::sleep_for(milliseconds(20));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), collectOrphans(store_, database_.pool(), milliseconds(5)).blobs);
        const Upload copy = *upload;
        upload.reset();
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), collectOrphans(store_, database_.pool(), milliseconds(5)).blobs);
        CPPUNIT_ASSERT_EQUAL(std::string("held"), contentOf(store_.open(*found(kept(copy)))));
    }

    void verifyingNamesEachFault() {
        const auto whole = kept(text("whole")), missing = kept(text("missing")),
                   altered = kept(text("altered"));
        text("orphan");
        fs::remove(store_.blobs().pathOf(found(missing)->sha256));
        const fs::path path = store_.blobs().pathOf(found(altered)->sha256);
        fs::permissions(path, fs::perms::owner_all);
        std::ofstream(path) << "ALTERED";
        std::vector<std::string> told;
        const Verified result = verifyFiles(
            store_.blobs(), database_.pool(), [&](std::string_view fault, std::string_view sha256) {
                told.push_back(std::string(fault) + " " + std::string(sha256));
            });
        CPPUNIT_ASSERT(!result.sound());
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), result.whole);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), result.missing);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), result.altered);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), result.orphaned);
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), told.size());
        CPPUNIT_ASSERT(std::find(told.begin(), told.end(), "missing " + found(missing)->sha256) !=
                       told.end());
        CPPUNIT_ASSERT(std::find(told.begin(), told.end(), "altered " + found(altered)->sha256) !=
                       told.end());
        CPPUNIT_ASSERT_EQUAL(std::string("500 core.file.lost"),
                             faultOf([&] { store_.open(*found(missing)); }));
        CPPUNIT_ASSERT(found(whole));
    }

    void aFullDiskLeavesNothingBehindAndHeals() {
        ::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{1000, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const std::string fault = faultOf([&] { text(std::string(2000, 'x')); });
        ::setrlimit(RLIMIT_FSIZE, &before);
        CPPUNIT_ASSERT_EQUAL(std::string("507 core.file.no_space"), fault);
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), filesIn(folder_));
        CPPUNIT_ASSERT(found(kept(text(std::string(2000, 'x')))));
    }

    void picturesAreDrawnAnew() {
        const std::string picture = pngFile(900, 300, "<script>alert(1)</script>");
        const Upload png = store_.take({"f", "photo.PNG", "image/png", picture});
        CPPUNIT_ASSERT_EQUAL(std::string("image/png"), png.type);
        File file;
        file.sha256 = png.sha256;
        file.thumb = png.thumb;
        const std::string drawn = contentOf(store_.open(file)), thumb = contentOf(store_.openThumb(file));
        CPPUNIT_ASSERT(drawn.starts_with("\x89PNG") && drawn.find("script") == std::string::npos);
        CPPUNIT_ASSERT(thumb.starts_with("\xff\xd8\xff"));
        // The thumbnail is a JPEG with which the other half can be tried: with a script where a camera writes
        // its own.
        std::string jpeg = thumb;
        jpeg.insert(2, std::string("\xff\xfe\x00\x1b", 4) + "<script>alert(1)</script>");
        const Upload again = store_.take({"f", "photo.jpg", "image/jpeg", jpeg + "<script>"});
        file.sha256 = again.sha256;
        CPPUNIT_ASSERT(contentOf(store_.open(file)).find("script") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(
            std::string("422 core.file.content"), faultOf([&] {
                store_.take({"f", "photo.jpg", "image/jpeg", thumb.substr(0, thumb.size() / 2)});
            }));
        CPPUNIT_ASSERT_EQUAL(
            std::string("422 core.file.content"), faultOf([&] {
                store_.take({"f", "photo.png", "image/png", picture.substr(0, picture.size() / 2)});
            }));
        FileStore::Options without = options();
        without.intake.pictures.program = folder_ / "nothing";
        FileStore blind(without);
        CPPUNIT_ASSERT_EQUAL(std::string("503 core.file.busy"), faultOf([&] {
                                 blind.take({"f", "photo.png", "image/png", picture});
                             }));
        without.intake.pictures = options().intake.pictures;
        without.intake.pictures.maxPixels = 1000;
        FileStore narrow(without);
        CPPUNIT_ASSERT_EQUAL(std::string("422 core.file.content"), faultOf([&] {
                                 narrow.take({"f", "photo.png", "image/png", picture});
                             }));
    }

    void aPdfHasAPictureOfItsFirstPage() {
        const Upload pdf = store_.take({"f", "a.pdf", "application/pdf", pdfFile()});
        if (fs::exists("/usr/bin/pdftoppm")) CPPUNIT_ASSERT(!pdf.thumb.empty());
        // A PDF that nobody can draw is still a file that can be kept.
        const Upload broken = store_.take({"f", "b.pdf", "", "%PDF-1.4\nnothing\n"});
        CPPUNIT_ASSERT(broken.thumb.empty() && broken.size == 17);
    }

    void nothingIsTakenInsideATransaction() {
        auto lease = database_.pool().lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        CPPUNIT_ASSERT_EQUAL(std::string("409 core.host.tx_open"), faultOf([&] { text("x"); }));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FileStoreTest);
