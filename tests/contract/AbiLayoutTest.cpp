// SPDX-License-Identifier: Apache-2.0
#include <dalate/abi.h>

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>
#include <sstream>
#include <string>

namespace {

/// One line a field: "struct.field offset size". What is printed here is frozen in sdk/abi once a minor is
/// released.
std::string layout() {
    std::ostringstream out;
    const auto type = [&](const char* name, std::size_t size, std::size_t align) {
        out << name << " size " << size << " align " << align << '\n';
    };
#define TYPE(t) type(#t, sizeof(t), alignof(t))
#define FIELD(t, f) out << #t "." #f " " << offsetof(t, f) << ' ' << sizeof(t::f) << '\n'
    TYPE(dalate_str);
    FIELD(dalate_str, p);
    FIELD(dalate_str, n);
    TYPE(dalate_value);
    FIELD(dalate_value, p);
    FIELD(dalate_value, n);
    TYPE(dalate_cell);
    FIELD(dalate_cell, tag);
    FIELD(dalate_cell, reserved);
    FIELD(dalate_cell, i);
    FIELD(dalate_cell, r);
    FIELD(dalate_cell, s);
    TYPE(dalate_param);
    FIELD(dalate_param, name);
    FIELD(dalate_param, value);
    TYPE(dalate_note);
    FIELD(dalate_note, major);
    FIELD(dalate_note, minor);
    FIELD(dalate_note, sdk);
    TYPE(dalate_host_v1);
#define HOST(f) FIELD(dalate_host_v1, f)
    HOST(size);
    HOST(major);
    HOST(minor);
    HOST(log);
    HOST(call_kind);
    HOST(call_text);
    HOST(call_value);
    HOST(body_size);
    HOST(body_read);
    HOST(deadline);
    HOST(reply);
    HOST(reply_append);
    HOST(reply_header);
    HOST(render);
    HOST(reply_value);
    HOST(fail);
    HOST(db_begin);
    HOST(db_end);
    HOST(db_run);
    HOST(rows_next);
    HOST(rows_free);
    HOST(can);
    HOST(setting);
    HOST(text);
    HOST(service);
    HOST(json_parse);
    HOST(json_write);
    HOST(digest);
    HOST(data_file);
    HOST(now);
    HOST(new_id);
    TYPE(dalate_plugin_v1);
#define PLUGIN(f) FIELD(dalate_plugin_v1, f)
    PLUGIN(size);
    PLUGIN(major);
    PLUGIN(minor);
    PLUGIN(create);
    PLUGIN(bind);
    PLUGIN(start);
    PLUGIN(quiesce);
    PLUGIN(stop);
    PLUGIN(destroy);
    PLUGIN(invoke);
    return out.str();
}

} // namespace

class AbiLayoutTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AbiLayoutTest);
    CPPUNIT_TEST(layoutIsTheFrozenOne);
    CPPUNIT_TEST(noFieldIsLeftOut);
    CPPUNIT_TEST_SUITE_END();

public:
    void layoutIsTheFrozenOne() {
        const std::string file = std::string(DALATE_SOURCE_DIR) + "/sdk/abi/abi-" +
                                 std::to_string(DALATE_ABI_MAJOR) + "." + std::to_string(DALATE_ABI_MINOR) +
                                 ".txt";
        std::ifstream in(file);
        std::stringstream frozen;
        frozen << in.rdbuf();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(file, frozen.str(), layout());
    }

    /// A field that is added to a table but not to the list above would be missing unseen: the tables consist
    /// of the 8 octets of their head and pointers, so their sizes tell.
    void noFieldIsLeftOut() {
        std::size_t host = 0, plugin = 0;
        std::istringstream lines(layout());
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("dalate_host_v1.")) ++host;
            if (line.starts_with("dalate_plugin_v1.")) ++plugin;
        }
        CPPUNIT_ASSERT_EQUAL(sizeof(dalate_host_v1), 8 + (host - 3) * sizeof(void*));
        CPPUNIT_ASSERT_EQUAL(sizeof(dalate_plugin_v1), 8 + (plugin - 3) * sizeof(void*));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AbiLayoutTest);
