"""Constants of integrate-and-fire, phase, oscillator, map and threshold models, from sources."""

_THALAMOCORTICAL = {
    "v_u": -65.0,
    "C": 200.0,
    "k": 1.6,
    "v_r": -60.0,
    "v_t": -50.0,
    "v_peak": 35.0,
    "a": 0.01,
    "b": 0.0,
    "c": -60.0,
    "d": 10.0,
    "p_u": 0.1,
    "c_u": -0.1,
    "v_b": -65.0,
    "b_low": 15.0,
}
_RETICULAR = {
    "v_u": -65.0,
    "C": 40.0,
    "k": 0.25,
    "v_r": -65.0,
    "v_t": -45.0,
    "v_peak": 0.0,
    "a": 0.015,
    "b": 2.0,
    "c": -55.0,
    "d": 50.0,
    "v_b": -65.0,
    "b_low": 10.0,
}

TYPED = {
    # Latham et al. 2000, Methods, from memory
    "QuadraticIFNeuron": {
        "tau": 10.0,
        "V_r": -65.0,
        "V_t": -50.0,
        "V_apex": 20.0,
        "V_repol": -80.0,
    },
    # Fourcaud-Trocme et al. 2003, table 1, from memory
    "ExpIFNeuron": {
        "C": 1.0,
        "g_L": 0.1,
        "V_L": -65.0,
        "V_T": -59.9,
        "Delta_T": 3.48,
        "V_r": -68.0,
        "tau_ref": 1.7,
    },
    # Brette and Gerstner 2005, Methods; Brian2's example Brette_Gerstner_2005.py and NEST agree
    "AdExNeuron": {
        "C": 281.0,
        "g_L": 30.0,
        "E_L": -70.6,
        "V_T": -50.4,
        "Delta_T": 2.0,
        "tau_w": 144.0,
        "a": 4.0,
        "b": 0.0805,
        "V_r": -70.6,
    },
    # Naud et al. 2008, table 1, from memory; pycaputo's and Brian2's copies agree
    "AdExNeuron tonic_spiking": {
        "C": 200.0,
        "g_L": 10.0,
        "E_L": -70.0,
        "V_T": -50.0,
        "Delta_T": 2.0,
        "a": 2.0,
        "tau_w": 30.0,
        "b": 0.0,
        "V_r": -58.0,
        "current": 0.5,
    },
    # Naud et al. 2008, table 1, from memory; pycaputo's and Brian2's copies agree
    "AdExNeuron adaptation": {
        "C": 200.0,
        "g_L": 12.0,
        "E_L": -70.0,
        "V_T": -50.0,
        "Delta_T": 2.0,
        "a": 2.0,
        "tau_w": 300.0,
        "b": 0.06,
        "V_r": -58.0,
        "current": 0.5,
    },
    # Naud et al. 2008, table 1, from memory; pycaputo's and Brian2's copies agree
    "AdExNeuron initial_burst": {
        "C": 130.0,
        "g_L": 18.0,
        "E_L": -58.0,
        "V_T": -50.0,
        "Delta_T": 2.0,
        "a": 4.0,
        "tau_w": 150.0,
        "b": 0.12,
        "V_r": -50.0,
        "current": 0.4,
    },
    # Naud et al. 2008, table 1, from memory; pycaputo's and Brian2's copies agree
    "AdExNeuron regular_bursting": {
        "C": 200.0,
        "g_L": 10.0,
        "E_L": -58.0,
        "V_T": -50.0,
        "Delta_T": 2.0,
        "a": 2.0,
        "tau_w": 120.0,
        "b": 0.1,
        "V_r": -46.0,
        "current": 0.21,
    },
    # Naud et al. 2008, table 1, from memory; pycaputo's and Brian2's copies agree
    "AdExNeuron delayed_accelerating": {
        "C": 200.0,
        "g_L": 12.0,
        "E_L": -70.0,
        "V_T": -50.0,
        "Delta_T": 2.0,
        "a": -10.0,
        "tau_w": 300.0,
        "b": 0.0,
        "V_r": -58.0,
        "current": 0.3,
    },
    # copies of Naud's table 1 (pycaputo's and two more) have C = 200, g_L = 12, E_L = -70, a = -6,
    # tau_w = 300, b = 0, V_r = -58; Brian2's, adapted by Müller to match figure 4, 100, 10, -65,
    # -10, 90, 0.03, -47, as ours: left out
    "AdExNeuron delayed_regular_bursting": {
        "V_T": -50.0,
        "Delta_T": 2.0,
        "current": 0.11,
    },
    # copies of Naud's table 1 (pycaputo's and one more) have a = -10, b = 0.03 and 0.35 nA;
    # Brian2's, adapted by Müller to match figure 4, 10, 0.1 and 0.18 nA, as ours: left out
    "AdExNeuron transient_spiking": {
        "C": 100.0,
        "g_L": 10.0,
        "E_L": -65.0,
        "V_T": -50.0,
        "Delta_T": 2.0,
        "tau_w": 90.0,
        "V_r": -47.0,
    },
    # Naud et al. 2008, table 1, from memory; pycaputo's and Brian2's copies agree
    "AdExNeuron irregular_spiking": {
        "C": 100.0,
        "g_L": 12.0,
        "E_L": -60.0,
        "V_T": -50.0,
        "Delta_T": 2.0,
        "a": -11.0,
        "tau_w": 130.0,
        "b": 0.03,
        "V_r": -48.0,
        "current": 0.16,
    },
    # Izhikevich 2003, equations 1 and 2 and regular spiking in figure 2
    "IzhikevichNeuron": {
        "a": 0.02,
        "b": 0.2,
        "c": -65.0,
        "d": 8.0,
        "k_1": 5.0,
        "k_0": 140.0,
        "v_u": 0.0,
        "k_u": 1.0,
    },
    # Izhikevich 2003, figure 2; izhiGUI.py of ModelDB 39948 agrees
    "IzhikevichNeuron regular_spiking": {"a": 0.02, "b": 0.2, "c": -65.0, "d": 8.0},
    # Izhikevich 2003, figure 2; izhiGUI.py of ModelDB 39948 agrees
    "IzhikevichNeuron intrinsically_bursting": {"a": 0.02, "b": 0.2, "c": -55.0, "d": 4.0},
    # Izhikevich 2003, figure 2; izhiGUI.py of ModelDB 39948 agrees
    "IzhikevichNeuron chattering": {"a": 0.02, "b": 0.2, "c": -50.0, "d": 2.0},
    # Izhikevich 2003, figure 2; izhiGUI.py of ModelDB 39948 agrees
    "IzhikevichNeuron fast_spiking": {"a": 0.1, "b": 0.2, "c": -65.0, "d": 2.0},
    # Izhikevich 2003, figure 2; izhiGUI.py of ModelDB 39948 agrees
    "IzhikevichNeuron low_threshold_spiking": {"a": 0.02, "b": 0.25, "c": -65.0, "d": 2.0},
    # Izhikevich 2004, figure1.m A (copy in OpenSourceBrain/IzhikevichModel, izhi2003.m)
    "IzhikevichNeuron tonic_spiking": {"a": 0.02, "b": 0.2, "c": -65.0, "d": 6.0},
    # Izhikevich 2004, figure1.m B (the same copy)
    "IzhikevichNeuron phasic_spiking": {"a": 0.02, "b": 0.25, "c": -65.0, "d": 6.0},
    # Izhikevich 2004, figure1.m C (the same copy)
    "IzhikevichNeuron tonic_bursting": {"a": 0.02, "b": 0.2, "c": -50.0, "d": 2.0},
    # Izhikevich 2004, figure1.m D (the same copy)
    "IzhikevichNeuron phasic_bursting": {"a": 0.02, "b": 0.25, "c": -55.0, "d": 0.05},
    # Izhikevich 2004, figure1.m E (the same copy)
    "IzhikevichNeuron mixed_mode": {"a": 0.02, "b": 0.2, "c": -55.0, "d": 4.0},
    # Izhikevich 2004, figure1.m F (the same copy)
    "IzhikevichNeuron spike_frequency_adaptation": {"a": 0.01, "b": 0.2, "c": -65.0, "d": 8.0},
    # Izhikevich 2004, figure1.m G (the same copy): 0.04 V^2 + 4.1 V + 108
    "IzhikevichNeuron class_1": {
        "a": 0.02,
        "b": -0.1,
        "c": -55.0,
        "d": 6.0,
        "k_1": 4.1,
        "k_0": 108.0,
    },
    # Izhikevich 2004, figure1.m H (the same copy)
    "IzhikevichNeuron class_2": {"a": 0.2, "b": 0.26, "c": -65.0, "d": 0.0},
    # Izhikevich 2004, figure1.m I (the same copy)
    "IzhikevichNeuron spike_latency": {"a": 0.02, "b": 0.2, "c": -65.0, "d": 6.0},
    # Izhikevich 2004, figure1.m J (the same copy)
    "IzhikevichNeuron subthreshold_oscillations": {"a": 0.05, "b": 0.26, "c": -60.0, "d": 0.0},
    # Izhikevich 2004, figure1.m K (the same copy)
    "IzhikevichNeuron resonator": {"a": 0.1, "b": 0.26, "c": -60.0, "d": -1.0},
    # Izhikevich 2004, figure1.m L (the same copy): 0.04 V^2 + 4.1 V + 108
    "IzhikevichNeuron integrator": {
        "a": 0.02,
        "b": -0.1,
        "c": -55.0,
        "d": 6.0,
        "k_1": 4.1,
        "k_0": 108.0,
    },
    # Izhikevich 2004, figure1.m M (the same copy)
    "IzhikevichNeuron rebound_spike": {"a": 0.03, "b": 0.25, "c": -60.0, "d": 4.0},
    # Izhikevich 2004, figure1.m N (the same copy)
    "IzhikevichNeuron rebound_burst": {"a": 0.03, "b": 0.25, "c": -52.0, "d": 0.0},
    # Izhikevich 2004, figure1.m O (the same copy)
    "IzhikevichNeuron threshold_variability": {"a": 0.03, "b": 0.25, "c": -60.0, "d": 4.0},
    # Izhikevich 2004, figure1.m P (the same copy), and izhiGUI.py; tables elsewhere have 1 and 1.5
    "IzhikevichNeuron bistability": {"a": 0.1, "b": 0.26, "c": -60.0, "d": 0.0},
    # Izhikevich 2004, figure1.m Q (the same copy)
    "IzhikevichNeuron depolarizing_after_potential": {
        "a": 1.0,
        "b": 0.2,
        "c": -60.0,
        "d": -21.0,
    },
    # Izhikevich 2004, figure1.m R (the same copy): du/dt = a b (V + 65)
    "IzhikevichNeuron accommodation": {
        "a": 0.02,
        "b": 1.0,
        "c": -55.0,
        "d": 4.0,
        "v_u": -65.0,
        "k_u": 0.0,
    },
    # Izhikevich 2004, figure1.m S (the same copy)
    "IzhikevichNeuron inhibition_induced_spiking": {"a": -0.02, "b": -1.0, "c": -60.0, "d": 8.0},
    # Izhikevich 2004, figure1.m T (the same copy); tables elsewhere have d = 0
    "IzhikevichNeuron inhibition_induced_bursting": {
        "a": -0.026,
        "b": -1.0,
        "c": -45.0,
        "d": -2.0,
    },
    # Izhikevich 2001: b = -1, omega = 10 throughout
    "ResonateAndFireNeuron": {"b": -1.0, "omega": 10.0},
    # Platkiewicz and Brette 2011, figure 5; Brian2's example Platkiewicz_Brette_2011.py
    "AdaptiveThresholdIFNeuron": {
        "tau": 5.0,
        "E_L": -70.0,
        "V_T": -55.0,
        "V_i": -63.0,
        "k_a": 5.0,
        "k_i": 6.0,
        "tau_theta": 5.0,
        "t_ref": 5.0,
    },
    # GLIF5 of cell 490626718 as in NEST's glif_psc (rounded, g = 9.43 nS); the 18.51 mV is added
    "GLIFNeuron": {
        "C": 58.72,
        "R": 1000.0 / 9.43,
        "E_L": -78.85,
        "theta_inf": -51.68,
        "delta_t": 3.75,
        "f_v": 0.20,
        "delta_V": -18.51,
        "b_s": 0.009,
        "delta_theta_s": 0.37,
        "k_1": 0.003,
        "k_2": 0.1,
        "f_1": 1.0,
        "f_2": 1.0,
        "delta_I_1": -9.18,
        "delta_I_2": -198.94,
        "a_v": 0.005,
        "b_v": 0.09,
    },
    # NEST, iaf_psc_alpha.cpp
    "AlphaNeuron": {
        "C": 250.0,
        "tau_m": 10.0,
        "tau_syn": 2.0,
        "E_L": -70.0,
        "V_th": -55.0,
        "V_r": -70.0,
        "t_ref": 2.0,
    },
    # ModelDB 267201, elif_brian_impl.py
    "EnergyLIFNeuron": {
        "C": 100.0,
        "g_L": 9.0,
        "E_0": -62.5,
        "E_u": -58.5,
        "E_d": -40.0,
        "E_f": -62.0,
        "V_th": -59.0,
        "V_r": -62.0,
        "epsilon_0": 0.5,
        "epsilon_c": 0.18,
        "alpha": 1.0,
        "delta": 0.01,
        "tau_e": 200.0,
    },
    # ModelDB 155856, FractionalLeakyIntegrate_and_Fire.m
    "FractionalLIFNeuron": {
        "tau": 20.0,
        "R": 40.0,
        "V_rest": -70.0,
        "V_th": -50.0,
        "t_ref": 8.0,
    },
    # ModelDB 155856, FractionalLeakyIntegrate_and_Fire.m: 3 nA, alpha from 1 to 0.2
    "FractionalLIFNeuron alpha_0_2": {"alpha": 0.2, "current": 3.0},
    # ModelDB 155856, FractionalLeakyIntegrate_and_Fire.m: 3 nA, alpha from 1 to 0.2
    "FractionalLIFNeuron alpha_0_4": {"alpha": 0.4, "current": 3.0},
    # Liu and Wang 2001, from memory. Amended after the comparison: t_ref, g_AHP and tau_Ca, which
    # had been left out as uncertain
    "SFANeuron": {
        "C": 0.5,
        "g_L": 0.025,
        "V_L": -70.0,
        "V_th": -54.0,
        "V_r": -60.0,
        "t_ref": 2.0,
        "g_AHP": 0.015,
        "V_K": -80.0,
        "alpha": 0.2,
        "tau_Ca": 50.0,
    },
    # Kobayashi et al. 2009; ModelDB 226422, MAT_model.mod. Amended after the comparison: alpha_1,
    # alpha_2 and omega are those of NEST's mat2_psc_exp.cpp
    "MATNeuron": {
        "alpha_1": 37.0,
        "alpha_2": 2.0,
        "omega": 19.0,
        "tau_m": 5.0,
        "R": 50.0,
        "E_L": -65.0,
        "tau_1": 10.0,
        "tau_2": 200.0,
        "tau_R": 2.0,
    },
    # ModelDB 226422, MAT_Neuron_StepCurrent.py (omega = -45) and MAT_model.mod
    "MATNeuron regular_spiking": {
        "alpha_1": 30.0,
        "alpha_2": 2.0,
        "omega": 20.0,
        "current": 0.6,
    },
    # ModelDB 226422, MAT_Neuron_StepCurrent.py (omega = -46) and MAT_model.mod
    "MATNeuron intrinsically_bursting": {
        "alpha_1": 7.5,
        "alpha_2": 1.5,
        "omega": 19.0,
        "current": 0.6,
    },
    # ModelDB 226422, MAT_Neuron_StepCurrent.py (omega = -55) and MAT_model.mod
    "MATNeuron fast_spiking": {
        "alpha_1": 10.0,
        "alpha_2": 0.2,
        "omega": 10.0,
        "current": 0.6,
    },
    # ModelDB 226422, MAT_Neuron_StepCurrent.py (omega = -39) and MAT_model.mod
    "MATNeuron chattering": {
        "alpha_1": -0.5,
        "alpha_2": 0.4,
        "omega": 26.0,
        "current": 0.6,
    },
    # NEST, amat2_psc_exp.cpp. Amended after the comparison: beta, 0 there too
    "AMATNeuron": {
        "tau_m": 10.0,
        "R": 50.0,
        "E_L": -70.0,
        "omega": 5.0,
        "alpha_1": 10.0,
        "alpha_2": 0.0,
        "beta": 0.0,
        "tau_1": 10.0,
        "tau_2": 200.0,
        "tau_V": 5.0,
        "tau_R": 2.0,
    },
    # Mihalas and Niebur 2009, table 1; Aboumerhi's MN_Calc.m agrees
    "MihalasNieburNeuron": {
        "b": 0.01,
        "G": 0.05,
        "k_1": 0.2,
        "k_2": 0.02,
        "theta_inf": -50.0,
        "R_1": 0.0,
        "R_2": 1.0,
        "E_L": -70.0,
        "V_r": -70.0,
        "theta_r": -60.0,
    },
    # Mihalas and Niebur 2009, table 1, as in Detorakis 2017, tables 4 and 5; and so all below
    "MihalasNieburNeuron tonic_spiking": {"a": 0.0, "A_1": 0.0, "A_2": 0.0, "current": 1.5},
    # 1B
    "MihalasNieburNeuron class_1": {"a": 0.0, "A_1": 0.0, "A_2": 0.0, "current": 1.000001},
    # 1C
    "MihalasNieburNeuron spike_frequency_adaptation": {
        "a": 0.005,
        "A_1": 0.0,
        "A_2": 0.0,
        "current": 2.0,
    },
    # 1D
    "MihalasNieburNeuron phasic_spiking": {"a": 0.005, "A_1": 0.0, "A_2": 0.0, "current": 1.5},
    # 1E
    "MihalasNieburNeuron accommodation": {"a": 0.005, "A_1": 0.0, "A_2": 0.0},
    # 1F
    "MihalasNieburNeuron threshold_variability": {"a": 0.005, "A_1": 0.0, "A_2": 0.0},
    # 1G
    "MihalasNieburNeuron rebound_spike": {"a": 0.005, "A_1": 0.0, "A_2": 0.0},
    # 1H
    "MihalasNieburNeuron class_2": {"a": 0.005, "A_1": 0.0, "A_2": 0.0, "current": 2.000002},
    # 1I
    "MihalasNieburNeuron integrator": {"a": 0.005, "A_1": 0.0, "A_2": 0.0},
    # 1J
    "MihalasNieburNeuron input_bistability": {"a": 0.005, "A_1": 0.0, "A_2": 0.0},
    # 1K
    "MihalasNieburNeuron hyperpolarization_induced_spiking": {
        "a": 0.03,
        "A_1": 0.0,
        "A_2": 0.0,
        "current": -1.0,
    },
    # 1L
    "MihalasNieburNeuron hyperpolarization_induced_bursting": {
        "a": 0.03,
        "A_1": 10.0,
        "A_2": -0.6,
        "current": -1.0,
    },
    # 1M
    "MihalasNieburNeuron tonic_bursting": {"a": 0.005, "A_1": 10.0, "A_2": -0.6, "current": 2.0},
    # 1N
    "MihalasNieburNeuron phasic_bursting": {"a": 0.005, "A_1": 10.0, "A_2": -0.6, "current": 1.5},
    # 1O
    "MihalasNieburNeuron rebound_burst": {"a": 0.005, "A_1": 10.0, "A_2": -0.6},
    # 1P
    "MihalasNieburNeuron mixed_mode": {"a": 0.005, "A_1": 5.0, "A_2": -0.3, "current": 2.0},
    # 1Q
    "MihalasNieburNeuron afterpotentials": {"a": 0.005, "A_1": 5.0, "A_2": -0.3},
    # 1R
    "MihalasNieburNeuron basal_bistability": {"a": 0.0, "A_1": 8.0, "A_2": -0.1},
    # 1S
    "MihalasNieburNeuron preferred_frequency": {"a": 0.005, "A_1": -3.0, "A_2": 0.5},
    # 1T
    "MihalasNieburNeuron spike_latency": {"a": -0.08, "A_1": 0.0, "A_2": 0.0},
    # Izhikevich 2007, figure 8.12; ModelDB 39948, izhi2007Wrapper.py, agrees. Amended after the
    # comparison: the current, one of four in izhi2007Figs.py
    "Izhikevich2007Neuron regular_spiking": {
        "current": 70.0,
        "v_u": -60.0,
        "C": 100.0,
        "k": 0.7,
        "v_r": -60.0,
        "v_t": -40.0,
        "v_peak": 35.0,
        "a": 0.03,
        "b": -2.0,
        "c": -50.0,
        "d": 100.0,
    },
    # Izhikevich 2007, figure 8.19; ModelDB 39948, izhi2007Wrapper.py, agrees. Amended after the
    # comparison: the current, one of four in izhi2007Figs.py
    "Izhikevich2007Neuron intrinsically_bursting": {
        "current": 500.0,
        "v_u": -75.0,
        "C": 150.0,
        "k": 1.2,
        "v_r": -75.0,
        "v_t": -45.0,
        "v_peak": 50.0,
        "a": 0.01,
        "b": 5.0,
        "c": -56.0,
        "d": 130.0,
    },
    # Izhikevich 2007, figure 8.23; ModelDB 39948, izhi2007Wrapper.py, agrees. Amended after the
    # comparison: the current, one of four in izhi2007Figs.py
    "Izhikevich2007Neuron chattering": {
        "current": 400.0,
        "v_u": -60.0,
        "C": 50.0,
        "k": 1.5,
        "v_r": -60.0,
        "v_t": -40.0,
        "v_peak": 25.0,
        "a": 0.03,
        "b": 1.0,
        "c": -40.0,
        "d": 150.0,
    },
    # Izhikevich 2007, figure 8.25; ModelDB 39948, izhi2007b.mod, agrees. Amended after the
    # comparison: the current, one of four in izhi2007Figs.py
    "Izhikevich2007Neuron low_threshold_spiking": {
        "current": 300.0,
        "v_u": -56.0,
        "C": 100.0,
        "k": 1.0,
        "v_r": -56.0,
        "v_t": -42.0,
        "v_peak": 40.0,
        "a": 0.03,
        "b": 8.0,
        "c": -53.0,
        "d": 20.0,
        "p_u": -0.1,
        "c_u": 0.04,
        "u_max": 670.0,
    },
    # Izhikevich 2007, figure 8.27; ModelDB 39948, izhi2007b.mod, agrees: no jump of u. Amended
    # after the comparison: the current, one of four in izhi2007Figs.py
    "Izhikevich2007Neuron fast_spiking": {
        "current": 200.0,
        "C": 20.0,
        "k": 1.0,
        "v_r": -55.0,
        "v_t": -40.0,
        "v_peak": 25.0,
        "a": 0.2,
        "c": -45.0,
        "d": 0.0,
        "b_3": 0.025,
        "v_b": -55.0,
    },
    # Izhikevich 2007, figure 8.31, from memory: u' = 0.01 (b (v + 65) - u), b = 15 below -65 mV,
    # else 0; ModelDB 39948, izhi2007b.mod, has v + 60 and agrees otherwise. Amended after the
    # comparison: the current, one of three in izhi2007Figs.py
    "Izhikevich2007Neuron thalamocortical": {"current": 100.0, **_THALAMOCORTICAL},
    "Izhikevich2007Neuron thalamocortical_burst": _THALAMOCORTICAL,
    # Izhikevich 2007, figure 8.32; ModelDB 39948, izhi2007b.mod, agrees. Amended after the
    # comparison: the current, one of three in izhi2007Figs.py
    "Izhikevich2007Neuron reticular_thalamic": {"current": 70.0, **_RETICULAR},
    "Izhikevich2007Neuron reticular_thalamic_burst": _RETICULAR,
    # NEST, ht_neuron.cpp; no T- and h-current in the cortex as in NEST's network tutorial
    "HillTononiNeuron": {
        "tau_m": 16.0,
        "g_NaL": 0.2,
        "g_KL": 1.0,
        "E_Na": 30.0,
        "E_K": -90.0,
        "theta_eq": -51.0,
        "tau_theta": 2.0,
        "tau_spike": 1.75,
        "t_spike": 2.0,
        "g_NaP": 1.0,
        "E_NaP": 30.0,
        "g_DK": 1.0,
        "d_half": 0.25,
        "D_eq": 0.001,
        "D_peak": 0.025,
        "D_theta": -10.0,
        "sigma_D": 5.0,
        "tau_D": 1250.0,
        "g_T": 0.0,
        "E_T": 0.0,
        "g_h": 0.0,
        "E_h": -40.0,
    },
    # Hill and Tononi 2005, table 2, as in NEST's network tutorial
    "HillTononiNeuron cortical_inhibitory": {
        "theta_eq": -53.0,
        "tau_theta": 1.0,
        "tau_spike": 0.5,
        "tau_m": 8.0,
    },
    # Hill and Tononi 2005, tables 2 and 3, as in NEST's network tutorial and ht_neuron.cpp
    "HillTononiNeuron thalamic": {
        "theta_eq": -53.0,
        "tau_theta": 0.75,
        "tau_spike": 0.75,
        "tau_m": 8.0,
        "g_T": 1.0,
        "g_h": 1.0,
        "g_DK": 0.0,
    },
    # Compte et al. 2000, Methods; a Brian program of Murray's group agrees, and who typed it again
    "CompteWMNeuron": {
        "C_m": 500.0,
        "g_L": 25.0,
        "E_L": -70.0,
        "V_th": -50.0,
        "V_res": -60.0,
        "t_ref": 2.0,
        "g_ext": 3.1,
        "nu_ext": 1.8,
        "tau_AMPA": 2.0,
        "V_E": 0.0,
        "g_NMDA": 0.381,
        "tau_NMDA": 100.0,
        "tau_x": 2.0,
        "alpha_s": 0.5,
        "Mg": 1.0,
        "V_I": -70.0,
    },
    # Rinzel and Ermentrout 1998, appendix A, from memory; a copy of mlecar.ode agrees. Amended
    # after the comparison: the defaults are class 1
    "MorrisLecarNeuron": {
        "g_Ca": 4.0,
        "V_3": 12.0,
        "V_4": 17.4,
        "phi": 1 / 15,
        "C": 20.0,
        "g_K": 8.0,
        "g_L": 2.0,
        "V_Ca": 120.0,
        "V_K": -84.0,
        "V_L": -60.0,
        "V_1": -1.2,
        "V_2": 18.0,
    },
    # Rinzel and Ermentrout 1998, from memory; Ermentrout and Terman 2010 round phi = 1/15 to 0.067
    "MorrisLecarNeuron class_1": {"g_Ca": 4.0, "V_3": 12.0, "V_4": 17.4, "phi": 1 / 15},
    # Rinzel and Ermentrout 1998, from memory
    "MorrisLecarNeuron class_2": {"g_Ca": 4.4, "V_3": 2.0, "V_4": 30.0, "phi": 0.04},
    # Izhikevich and FitzHugh 2006
    "FitzHughNagumoNeuron": {"a": 0.7, "b": 0.8, "epsilon": 0.08},
    # FitzHugh 1961: a = 0.7, b = 0.8, c = 3, z = -0.4, with v = -x, w = y, I = -z, time times c
    "FitzHughNagumoNeuron bonhoeffer_van_der_pol": {
        "a": 0.7,
        "b": 0.8,
        "epsilon": 1 / 9,
        "current": 0.4,
    },
    # Hindmarsh and Rose 1984, figure 6; Brian2's example Hindmarsh_Rose_1984.py agrees
    "HindmarshRoseNeuron": {
        "a": 1.0,
        "b": 3.0,
        "c": 1.0,
        "d": 5.0,
        "r": 0.001,
        "s": 4.0,
        "x_1": -1.6,
    },
    # Hindmarsh and Rose 1984, figure 6; Brian2's example Hindmarsh_Rose_1984.py agrees
    "HindmarshRoseNeuron one_burst": {"current": 0.4},
    # Hindmarsh and Rose 1984, figure 6; Brian2's example Hindmarsh_Rose_1984.py agrees
    "HindmarshRoseNeuron spiking": {"current": 4.0},
    # Hindmarsh and Rose 1984: r = 0.005, I = 3.25
    "HindmarshRoseNeuron chaotic": {"r": 0.005, "current": 3.25},
    # Wojcik and Shilnikov 2015, from memory; c and mu, not known for certain, are left out
    "FitzHughRinzelNeuron": {"a": 0.7, "b": 0.8, "d": 1.0, "delta": 0.08},
    # Wang and Terman 1995, from memory; pyclustering's legion.py agrees
    "TermanWangOscillator": {"epsilon": 0.02, "gamma": 6.0, "beta": 0.1},
    # Rulkov 2002: mu = 0.001, beta_e = sigma_e = 1
    "RulkovMapNeuron": {"mu": 0.001, "beta_e": 1.0, "sigma_e": 1.0},
    # Rulkov 2002
    "RulkovMapNeuron spiking": {"alpha": 4.0, "sigma": 0.01, "current": 0.0},
    # Rulkov 2002
    "RulkovMapNeuron bursting": {"alpha": 6.0, "sigma": -0.1, "current": 0.0},
    # Chialvo 1995
    "ChialvoMapNeuron": {"a": 0.89, "c": 0.28},
    # Chialvo 1995
    "ChialvoMapNeuron oscillating": {"b": 0.6, "k": 0.03, "current": 0.0},
    # Chialvo 1995
    "ChialvoMapNeuron chaotic": {"b": 0.18, "k": 0.03, "current": 0.0},
    # Rulkov 2001, from memory: sigma = beta = 0.001; alpha differs by cell
    "RulkovChaoticMapNeuron": {"sigma": 0.001, "beta": 0.001},
    # PerformanceMapNeuron, Models.cs, KTzTanhModel, excitable
    "KTzMapNeuron": {"K": 0.6, "T": 0.35, "delta": 0.007, "lam": 0.004, "x_R": -0.7, "H": 0.0},
    # PerformanceMapNeuron, Models.cs, KTzTanhModel, bursting
    "KTzMapNeuron bursting": {"delta": 0.001, "lam": 0.001, "x_R": -0.5, "current": 0.0},
    # PerformanceMapNeuron, Models.cs, KTzLogModel, excitable
    "KTzLogisticMapNeuron": {
        "K": 0.6,
        "T": 0.32,
        "delta": 0.05,
        "lam": 0.01,
        "x_R": -0.5,
        "H": 0.0,
    },
    # PerformanceMapNeuron, Models.cs, KTzLogModel, bursting; its constant input is H
    "KTzLogisticMapNeuron bursting": {
        "T": 0.3,
        "delta": 0.001,
        "lam": 0.003,
        "x_R": -0.3,
        "H": 0.2,
        "current": 0.0,
    },
    # Aihara, Takabe and Toyoda 1990, figure 1, from memory
    "AiharaMapNeuron": {"k": 0.7, "alpha": 1.0, "epsilon": 0.02},
    # Brochini et al. 2016: the reset is the origin of the potential
    "GalvesLocherbachNeuron": {"V_R": 0.0},
}
