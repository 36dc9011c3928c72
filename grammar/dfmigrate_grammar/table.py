# Made by Lark from dockerfile.lark, so that a parse need not read the grammar first. States, symbols and
# rules are numbers here: it is not for reading. tests/grammar/make_table.py writes it anew.

from __future__ import annotations

from typing import Any

LARK_VERSION = "1.3.1"

# fmt: off
TABLE: dict[str, Any] = (
{'data': {'parser': {'lexer_conf': {'terminals': [], 'ignore': [], 'g_regex_flags': 0, 'use_bytes': False,
'lexer_type': None, '__type__': 'LexerConf'}, 'parser_conf': {'rules': [{'@': 0}, {'@': 1}, {'@': 2}, {'@': 3}, {'@':
4}, {'@': 5}, {'@': 6}, {'@': 7}, {'@': 8}, {'@': 9}, {'@': 10}, {'@': 11}, {'@': 12}, {'@': 13}, {'@': 14}, {'@':
15}, {'@': 16}, {'@': 17}, {'@': 18}, {'@': 19}, {'@': 20}, {'@': 21}], 'start': ['dockerfile'], 'parser_type':
'lalr', '__type__': 'ParserConf'}, 'parser': {'tokens': {0: '$END', 1: 'BLANKS', 2: 'COMMENTS', 3: 'DIRECTIVE', 4:
'HEAD', 5: 'HEREDOC', 6: '__dockerfile_star_0', 7: '__dockerfile_star_1', 8: '__instruction_star_2', 9: 'dockerfile',
10: 'gap', 11: 'instruction'}, 'states': {0: {0: (1, {'@': 8}), 1: (0, 1), 2: (0, 2), 3: (0, 3), 4: (0, 4), 6: (0, 5),
7: (0, 6), 9: (0, 7), 10: (0, 8), 11: (0, 9)}, 1: {0: (1, {'@': 16}), 1: (1, {'@': 16}), 2: (1, {'@': 16}), 4: (1,
{'@': 16})}, 2: {0: (1, {'@': 9}), 1: (0, 10), 4: (0, 11)}, 3: {0: (1, {'@': 0}), 1: (1, {'@': 0}), 2: (1, {'@': 0}),
3: (1, {'@': 0}), 4: (1, {'@': 0})}, 4: {0: (1, {'@': 21}), 1: (1, {'@': 21}), 2: (1, {'@': 21}), 4: (1, {'@': 21}),
5: (0, 12), 8: (0, 13)}, 5: {0: (1, {'@': 13}), 1: (0, 1), 2: (0, 14), 3: (0, 15), 4: (0, 4), 7: (0, 16), 10: (0, 8),
11: (0, 9)}, 6: {0: (1, {'@': 15}), 1: (0, 1), 2: (0, 17), 4: (0, 4), 10: (0, 18), 11: (0, 19)}, 7: {}, 8: {0: (1,
{'@': 4}), 1: (1, {'@': 4}), 2: (1, {'@': 4}), 4: (1, {'@': 4})}, 9: {0: (1, {'@': 5}), 1: (1, {'@': 5}), 2: (1, {'@':
5}), 4: (1, {'@': 5})}, 10: {0: (1, {'@': 17}), 1: (1, {'@': 17}), 2: (1, {'@': 17}), 4: (1, {'@': 17})}, 11: {0: (1,
{'@': 19}), 1: (1, {'@': 19}), 2: (1, {'@': 19}), 4: (1, {'@': 19}), 5: (0, 12), 8: (0, 20)}, 12: {0: (1, {'@': 6}),
1: (1, {'@': 6}), 2: (1, {'@': 6}), 4: (1, {'@': 6}), 5: (1, {'@': 6})}, 13: {0: (1, {'@': 20}), 1: (1, {'@': 20}), 2:
(1, {'@': 20}), 4: (1, {'@': 20}), 5: (0, 21)}, 14: {0: (1, {'@': 10}), 1: (0, 10), 4: (0, 11)}, 15: {0: (1, {'@':
1}), 1: (1, {'@': 1}), 2: (1, {'@': 1}), 3: (1, {'@': 1}), 4: (1, {'@': 1})}, 16: {0: (1, {'@': 12}), 1: (0, 1), 2:
(0, 22), 4: (0, 4), 10: (0, 18), 11: (0, 19)}, 17: {0: (1, {'@': 14}), 1: (0, 10), 4: (0, 11)}, 18: {0: (1, {'@': 2}),
1: (1, {'@': 2}), 2: (1, {'@': 2}), 4: (1, {'@': 2})}, 19: {0: (1, {'@': 3}), 1: (1, {'@': 3}), 2: (1, {'@': 3}), 4:
(1, {'@': 3})}, 20: {0: (1, {'@': 18}), 1: (1, {'@': 18}), 2: (1, {'@': 18}), 4: (1, {'@': 18}), 5: (0, 21)}, 21: {0:
(1, {'@': 7}), 1: (1, {'@': 7}), 2: (1, {'@': 7}), 4: (1, {'@': 7}), 5: (1, {'@': 7})}, 22: {0: (1, {'@': 11}), 1: (0,
10), 4: (0, 11)}}, 'start_states': {'dockerfile': 0}, 'end_states': {'dockerfile': 7}}, '__type__':
'ParsingFrontend'}, 'rules': [{'@': 0}, {'@': 1}, {'@': 2}, {'@': 3}, {'@': 4}, {'@': 5}, {'@': 6}, {'@': 7}, {'@':
8}, {'@': 9}, {'@': 10}, {'@': 11}, {'@': 12}, {'@': 13}, {'@': 14}, {'@': 15}, {'@': 16}, {'@': 17}, {'@': 18}, {'@':
19}, {'@': 20}, {'@': 21}], 'options': {'debug': False, 'strict': False, 'keep_all_tokens': False, 'tree_class': None,
'cache': False, 'cache_grammar': False, 'postlex': None, 'parser': 'lalr', 'lexer': None, 'transformer': None,
'start': ['dockerfile'], 'priority': 'normal', 'ambiguity': 'auto', 'regex': False, 'propagate_positions': False,
'lexer_callbacks': {}, 'maybe_placeholders': True, 'edit_terminals': None, 'g_regex_flags': 0, 'use_bytes': False,
'ordered_sets': True, 'import_paths': [], 'source_path': None, '_plugins': {}}, '__type__': 'Lark'}, 'memo': {11:
{'origin': {'name': 'dockerfile', '__type__': 'NonTerminal'}, 'expansion': [{'name': '__dockerfile_star_0',
'__type__': 'NonTerminal'}, {'name': '__dockerfile_star_1', '__type__': 'NonTerminal'}, {'name': 'COMMENTS',
'filter_out': False, '__type__': 'Terminal'}], 'order': 0, 'alias': None, 'options': {'keep_all_tokens': False,
'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'},
'__type__': 'Rule'}, 12: {'origin': {'name': 'dockerfile', '__type__': 'NonTerminal'}, 'expansion': [{'name':
'__dockerfile_star_0', '__type__': 'NonTerminal'}, {'name': '__dockerfile_star_1', '__type__': 'NonTerminal'}],
'order': 1, 'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False, 'priority': None,
'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 10: {'origin': {'name':
'dockerfile', '__type__': 'NonTerminal'}, 'expansion': [{'name': '__dockerfile_star_0', '__type__': 'NonTerminal'},
{'name': 'COMMENTS', 'filter_out': False, '__type__': 'Terminal'}], 'order': 2, 'alias': None, 'options':
{'keep_all_tokens': False, 'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (),
'__type__': 'RuleOptions'}, '__type__': 'Rule'}, 13: {'origin': {'name': 'dockerfile', '__type__': 'NonTerminal'},
'expansion': [{'name': '__dockerfile_star_0', '__type__': 'NonTerminal'}], 'order': 3, 'alias': None, 'options':
{'keep_all_tokens': False, 'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (),
'__type__': 'RuleOptions'}, '__type__': 'Rule'}, 14: {'origin': {'name': 'dockerfile', '__type__': 'NonTerminal'},
'expansion': [{'name': '__dockerfile_star_1', '__type__': 'NonTerminal'}, {'name': 'COMMENTS', 'filter_out': False,
'__type__': 'Terminal'}], 'order': 4, 'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False,
'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 15:
{'origin': {'name': 'dockerfile', '__type__': 'NonTerminal'}, 'expansion': [{'name': '__dockerfile_star_1',
'__type__': 'NonTerminal'}], 'order': 5, 'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False,
'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 9:
{'origin': {'name': 'dockerfile', '__type__': 'NonTerminal'}, 'expansion': [{'name': 'COMMENTS', 'filter_out': False,
'__type__': 'Terminal'}], 'order': 6, 'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False,
'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 8:
{'origin': {'name': 'dockerfile', '__type__': 'NonTerminal'}, 'expansion': [], 'order': 7, 'alias': None, 'options':
{'keep_all_tokens': False, 'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (),
'__type__': 'RuleOptions'}, '__type__': 'Rule'}, 18: {'origin': {'name': 'instruction', '__type__': 'NonTerminal'},
'expansion': [{'name': 'COMMENTS', 'filter_out': False, '__type__': 'Terminal'}, {'name': 'HEAD', 'filter_out': False,
'__type__': 'Terminal'}, {'name': '__instruction_star_2', '__type__': 'NonTerminal'}], 'order': 0, 'alias': None,
'options': {'keep_all_tokens': False, 'expand1': False, 'priority': None, 'template_source': None, 'empty_indices':
(), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 19: {'origin': {'name': 'instruction', '__type__':
'NonTerminal'}, 'expansion': [{'name': 'COMMENTS', 'filter_out': False, '__type__': 'Terminal'}, {'name': 'HEAD',
'filter_out': False, '__type__': 'Terminal'}], 'order': 1, 'alias': None, 'options': {'keep_all_tokens': False,
'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'},
'__type__': 'Rule'}, 20: {'origin': {'name': 'instruction', '__type__': 'NonTerminal'}, 'expansion': [{'name': 'HEAD',
'filter_out': False, '__type__': 'Terminal'}, {'name': '__instruction_star_2', '__type__': 'NonTerminal'}], 'order':
2, 'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False, 'priority': None, 'template_source': None,
'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 21: {'origin': {'name': 'instruction',
'__type__': 'NonTerminal'}, 'expansion': [{'name': 'HEAD', 'filter_out': False, '__type__': 'Terminal'}], 'order': 3,
'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False, 'priority': None, 'template_source': None,
'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 17: {'origin': {'name': 'gap', '__type__':
'NonTerminal'}, 'expansion': [{'name': 'COMMENTS', 'filter_out': False, '__type__': 'Terminal'}, {'name': 'BLANKS',
'filter_out': False, '__type__': 'Terminal'}], 'order': 0, 'alias': None, 'options': {'keep_all_tokens': False,
'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'},
'__type__': 'Rule'}, 16: {'origin': {'name': 'gap', '__type__': 'NonTerminal'}, 'expansion': [{'name': 'BLANKS',
'filter_out': False, '__type__': 'Terminal'}], 'order': 1, 'alias': None, 'options': {'keep_all_tokens': False,
'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'},
'__type__': 'Rule'}, 0: {'origin': {'name': '__dockerfile_star_0', '__type__': 'NonTerminal'}, 'expansion': [{'name':
'DIRECTIVE', 'filter_out': False, '__type__': 'Terminal'}], 'order': 0, 'alias': None, 'options': {'keep_all_tokens':
False, 'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'},
'__type__': 'Rule'}, 1: {'origin': {'name': '__dockerfile_star_0', '__type__': 'NonTerminal'}, 'expansion': [{'name':
'__dockerfile_star_0', '__type__': 'NonTerminal'}, {'name': 'DIRECTIVE', 'filter_out': False, '__type__':
'Terminal'}], 'order': 1, 'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False, 'priority': None,
'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 5: {'origin': {'name':
'__dockerfile_star_1', '__type__': 'NonTerminal'}, 'expansion': [{'name': 'instruction', '__type__': 'NonTerminal'}],
'order': 0, 'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False, 'priority': None,
'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 4: {'origin': {'name':
'__dockerfile_star_1', '__type__': 'NonTerminal'}, 'expansion': [{'name': 'gap', '__type__': 'NonTerminal'}], 'order':
1, 'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False, 'priority': None, 'template_source': None,
'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 3: {'origin': {'name': '__dockerfile_star_1',
'__type__': 'NonTerminal'}, 'expansion': [{'name': '__dockerfile_star_1', '__type__': 'NonTerminal'}, {'name':
'instruction', '__type__': 'NonTerminal'}], 'order': 2, 'alias': None, 'options': {'keep_all_tokens': False,
'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'},
'__type__': 'Rule'}, 2: {'origin': {'name': '__dockerfile_star_1', '__type__': 'NonTerminal'}, 'expansion': [{'name':
'__dockerfile_star_1', '__type__': 'NonTerminal'}, {'name': 'gap', '__type__': 'NonTerminal'}], 'order': 3, 'alias':
None, 'options': {'keep_all_tokens': False, 'expand1': False, 'priority': None, 'template_source': None,
'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 6: {'origin': {'name': '__instruction_star_2',
'__type__': 'NonTerminal'}, 'expansion': [{'name': 'HEREDOC', 'filter_out': False, '__type__': 'Terminal'}], 'order':
0, 'alias': None, 'options': {'keep_all_tokens': False, 'expand1': False, 'priority': None, 'template_source': None,
'empty_indices': (), '__type__': 'RuleOptions'}, '__type__': 'Rule'}, 7: {'origin': {'name': '__instruction_star_2',
'__type__': 'NonTerminal'}, 'expansion': [{'name': '__instruction_star_2', '__type__': 'NonTerminal'}, {'name':
'HEREDOC', 'filter_out': False, '__type__': 'Terminal'}], 'order': 1, 'alias': None, 'options': {'keep_all_tokens':
False, 'expand1': False, 'priority': None, 'template_source': None, 'empty_indices': (), '__type__': 'RuleOptions'},
'__type__': 'Rule'}}}
)
