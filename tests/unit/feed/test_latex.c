#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "feed/latex.h"

static void assert_latex(const char *latex, const char *expected)
{
    struct arena arena = {0};
    assert_string_equal(latex_to_text(&arena, latex), expected);
    arena_release(&arena);
}

static void prices_are_no_formulas(void **state)
{
    assert_latex("costs $5 and $10", "costs $5 and $10");
    assert_latex("from $5 to $10, or $15$20", "from $5 to $10, or $15$20");
    assert_latex("a US$5 chip beats a US$50 one", "a US$5 chip beats a US$50 one");
    assert_latex("5$ for one and 10$ for two", "5$ for one and 10$ for two");
    assert_latex("$100k/$200k budgets", "$100k/$200k budgets");
    assert_latex("only $", "only $");
    assert_latex("\\$5 and \\$10", "$5 and $10");
}

static void formulas_lose_their_dollars(void **state)
{
    assert_latex("an $O(n \\log n)$ method", "an O(n log n) method");
    assert_latex("$n$-gram models on $k$ cores", "n-gram models on k cores");
    assert_latex("up to $10\\times$ faster", "up to 10× faster");
    assert_latex("with \\(x < y\\) and \\[ a=b \\] and $$c$$", "with x < y and  a=b  and c");
    assert_latex("$f'(x)$ isn't", "f′(x) isn't");
}

static void scripts_become_characters_where_there_are_any(void **state)
{
    assert_latex("$x^2 + y_i$", "x² + yᵢ");
    assert_latex("$10^{-3}$ and $\\ell_{1}$", "10⁻³ and ℓ₁");
    assert_latex("$A^T B_{i,j} C_Q$", "Aᵀ B_(i,j) C_Q");
    assert_latex("H$_2$O at 90$^\\circ$C", "H₂O at 90°C");
    assert_latex("$e^{x^{2}}$", "e^(x²)");
    assert_latex("snake_case and a^b", "snake_case and a^b");
    assert_latex("$a_$ $^$", "a_ ^");
}

static void accents_are_composed(void **state)
{
    assert_latex("Schr\\\"{o}dinger, Poincar\\'e, \\'Etale", "Schrödinger, Poincaré, Étale");
    assert_latex("Fran\\c{c}ois, \\v{S}koda, \\v Cech", "François, Škoda, Čech");
    assert_latex(
        "na\\\"{\\i}ve, na\\\"\\i ve, S\\o ren, \\L{}ukasz", "naïve, naïve, Søren, Łukasz");
    assert_latex("Erd\\H{o}s and {\\AA}ngstr{\\\"o}m", "Erdős and Ångström");
    assert_latex("\\'x", "x\u0301");
    assert_latex("\\c{}", "c"); /* not an accent on nothing */
}

static void markup_of_words_goes(void **state)
{
    assert_latex("\\emph{Fast} and \\textbf{\\textit{small}}", "Fast and small");
    assert_latex("{\\bf Bold} {BERT} {D}eep", "Bold BERT Deep");
    assert_latex("\\href{https://a.example/x_y}{code} at \\url{https://a.example/}",
        "code at https://a.example/");
    assert_latex("shown before \\cite{a2020,b2021}.", "shown before .");
    assert_latex("\\textcolor{red}{hot}", "hot");
}

static void unknown_commands_are_kept_as_their_text(void **state)
{
    assert_latex("\\method achieves \\textsmaller{much}", "method achieves much");
    assert_latex("our \\ours{} model", "our ours model");
    assert_latex("$\\max_x \\operatorname{softmax}(x)$", "maxₓ softmax(x)");
    assert_latex("trailing \\", "trailing \\");
}

static void quotes_and_dashes_are_set(void **state)
{
    assert_latex(
        "``Attention'' is `all' you need --- really", "“Attention” is ‘all’ you need — really");
    assert_latex("2019--2020", "2019–2020");
    assert_latex("run it with --fast and `ls -l`", "run it with --fast and `ls -l`");
    assert_latex("----", "----");
    assert_latex("Fig.~3 takes ~10 ms", "Fig. 3 takes ~10 ms");
}

static void symbols_have_characters(void **state)
{
    assert_latex("$\\alpha \\to \\beta$, $\\epsilon$-greedy", "α → β, ϵ-greedy");
    assert_latex("$\\mathbb{R}^{d} \\in \\mathcal{X}$", "ℝᵈ ∈ X");
    assert_latex("$\\frac{1}{2}$, $\\frac{a+b}{c}$, $\\sqrt{n}$, $\\sqrt[3]{a b}$",
        "1/2, (a+b)/c, √n, √(a b)");
    assert_latex("50\\% of R\\&D, C\\#, a\\_b", "50% of R&D, C#, a_b");
    assert_latex("$\\left(\\frac12\\right]$", "(1/2]");
}

static void plain_text_comes_back_as_it_is(void **state)
{
    struct arena arena = {0};
    const char *text = "端侧推理: a_b, x^2, it's 3-bit";
    assert_ptr_equal(latex_to_text(&arena, text), text);
    arena_release(&arena);
    assert_latex("{-1, +1} and {} and {", "{-1, +1} and {} and {");
    assert_latex("价格 $5，模型 $\\alpha$ 和 {量化}", "价格 $5，模型 α 和 量化");
}

static char *repeat(const char *piece, size_t count)
{
    char *text = calloc(count * strlen(piece) + 1, 1);
    for (size_t i = 0; i < count; i++) {
        memcpy(text + i * strlen(piece), piece, strlen(piece));
    }
    return text;
}

/* Each would take minutes if anything were searched to the end of the text or recursed freely.
 */
static void hostile_text_takes_linear_time(void **state)
{
    static const char *const pieces[] = {"{", "$", "$x", "\\frac{", "^{", "\\'{", "``", "`",
        "\\", "\\(", "$$", "{$", "\\sqrt[", "_"};
    for (size_t i = 0; i < array_count(pieces); i++) {
        struct arena arena = {0};
        char *text = repeat(pieces[i], 20000);
        assert_non_null(latex_to_text(&arena, text));
        free(text);
        arena_release(&arena);
    }
}

static void text_cut_anywhere_is_no_harm(void **state)
{
    static const char whole[] = "$\\frac{\\'{\\i}}{x_{é}}$ ``\\c c'' \\sqrt[3]{ü} \\href{a}{b}";
    for (size_t length = 0; length < sizeof(whole); length++) {
        struct arena arena = {0};
        char *cut = strndup(whole, length);
        assert_non_null(latex_to_text(&arena, cut));
        free(cut);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_are_no_formulas),
        cmocka_unit_test(formulas_lose_their_dollars),
        cmocka_unit_test(scripts_become_characters_where_there_are_any),
        cmocka_unit_test(accents_are_composed),
        cmocka_unit_test(markup_of_words_goes),
        cmocka_unit_test(unknown_commands_are_kept_as_their_text),
        cmocka_unit_test(quotes_and_dashes_are_set),
        cmocka_unit_test(symbols_have_characters),
        cmocka_unit_test(plain_text_comes_back_as_it_is),
        cmocka_unit_test(hostile_text_takes_linear_time),
        cmocka_unit_test(text_cut_anywhere_is_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
